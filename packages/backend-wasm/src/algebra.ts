export { linearAlgebra } from './algebra/linear-algebra.ts';
export { scoreKernel } from './algebra/score-kernel.ts';
