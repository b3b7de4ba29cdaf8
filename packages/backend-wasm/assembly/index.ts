export { activate } from './activate';
export { attention, scratchBytes as attentionScratchBytes } from './attention';
export { gemm, scratchBytes as gemmScratchBytes } from './gemm';
export { layerNorm } from './layer-norm';
export { pack as packColumns, packedBytes } from './pack-columns';
export { patchify } from './patchify';
export { softmax } from './softmax';
