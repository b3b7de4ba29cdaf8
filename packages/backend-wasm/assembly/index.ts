export { activate } from './activate';
export { activateGrad } from './activation-grad';
export { columnSums } from './column-sums';
export { activationRange } from './format';
export { layerNorm } from './layer-norm';
export { layerNormGrad } from './layer-norm-grad';
export { pack as packColumns, packedBytes } from './pack-columns';
export { addPatches, filterMoves, readPatches } from './patches';
export {
  attention,
  attentionGrad,
  attentionGradScratchBytes,
  attentionScratchBytes,
} from './parallel-attention';
export { gemm, scratchBytes as gemmScratchBytes } from './parallel-gemm';
export { patchify } from './patchify';
export { quantizeColumns } from './quantize-columns';
export { quantizedBytes } from './quantized';
export { zeros } from './runs';
export { softmax } from './softmax';
