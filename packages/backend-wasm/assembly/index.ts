export { activate, activateGrad } from './activations';
export { adam } from './adam';
export { batchNorm } from './batch-norm';
export { batchNormGrad } from './batch-norm-grad';
export { columnSums } from './column-sums';
export { depthwiseFilterGrad, depthwiseInputGrad } from './depthwise-grad';
export { depthwise, depthwiseScratchBytes } from './parallel-depthwise';
export { activationRange } from './format';
export { gather } from './gather';
export { layerNorm } from './layer-norm';
export { layerNormGrad } from './layer-norm-grad';
export { maxPoolGrad } from './max-pool-grad';
export { filterMoves } from './moves';
export { pack as packColumns, packedBytes } from './pack-columns';
export { addPatches, readPatches } from './patches';
export {
  attention,
  attentionGrad,
  attentionGradScratchBytes,
  attentionScratchBytes,
} from './parallel-attention';
export { gemm, scratchBytes as gemmScratchBytes } from './parallel-gemm';
export { pairSigmoid } from './pair-sigmoid';
export { pairSlopes, pairSums } from './pair-softmax';
export { patchify } from './patchify';
export { writePlaces } from './places';
export { quantizeColumns } from './quantize-columns';
export { quantizeImage } from './quantize-image';
export { quantizedBytes } from './quantized';
export { addRows, gruStep, gruStepGrad, lstmStep, lstmStepGrad } from './recurrent';
export { rowSums } from './row-sums';
export { divide, zeros } from './runs';
export { segmentSum } from './segment-sum';
export { unpack } from './unpack';
export { softmax } from './softmax';
