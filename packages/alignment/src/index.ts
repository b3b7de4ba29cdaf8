export {
  cca,
  type Cca,
  type CcaOptions,
  type CcaView,
  type CcaWarning,
  relativeRidge,
  weightedView,
} from './cca/cca.ts';
export {
  kernelCca,
  type KernelCca,
  type KernelCcaOptions,
  type KernelView,
  projectKernel,
  rbfKernel,
} from './cca/kernel-cca.ts';
export { mergeMoments, type Moments, moments, streamMoments } from './cca/moments.ts';
export { gcca, mcca, type MultiviewCca, type MultiviewOptions } from './cca/multiview.ts';
export { procrustes } from './cca/procrustes.ts';
export { project } from './cca/project.ts';
export type { Matrix, Rows } from './linear-algebra/matrix.ts';
