export { activation, type Activation, geluTanh, hardSigmoid, hardSwish, quickGelu, silu } from './activation.ts';
export {
  attentionSpec,
  type Attention,
  type AttentionOptions,
  crossAttention,
  selfAttention,
  type SelfAttentionOptions,
} from './attention.ts';
export { causalMask, paddingMask } from './attention-mask.ts';
export { enableAutodiff } from './autodiff.ts';
export {
  batchNorm,
  type BatchNorm,
  type BatchNormalize,
  batchNormNames,
  batchNormSpec,
  trainingBatchNorm,
} from './batch-norm.ts';
export { conv1d, type Conv1d, conv1dSpec } from './conv1d.ts';
export { type BiasedConv2d, biasedConv2dSpec, conv2d, type Conv2d, conv2dSpec, type ConvOptions } from './conv2d.ts';
export {
  type BiasedDepthwiseConv2d,
  biasedDepthwiseConv2dSpec,
  depthwiseConv2d,
  type DepthwiseConv2d,
  type DepthwiseConvOptions,
  depthwiseConv2dSpec,
} from './depthwise-conv2d.ts';
export type { WeightType } from '@diptych/core';
export { runFused, runFusedAll } from './fused.ts';
export { gatherRows, type LookupTable, type RoundedTable } from './gather-rows.ts';
export { gelu } from './gelu.ts';
export { gru } from './gru.ts';
export { inTurn } from './in-turn.ts';
export { constant, type Initializer, normal, ones, uniform, xavierUniform, zeros } from './initializer.ts';
export { joinNames } from './join-names.ts';
export { l2Normalize } from './l2-normalize.ts';
export { layerNorm, type LayerNorm, layerNormSpec } from './layer-norm.ts';
export { linear, type Linear, linearSpec, type Projection, projectionSpec } from './linear.ts';
export { logSigmoid, logSoftmax } from './log-softmax.ts';
export { lstm } from './lstm.ts';
export { maxPool } from './max-pool.ts';
export { mlp, type Mlp, mlpSpec } from './mlp.ts';
export { checkModel, initializeModel, loadModel, type LoadOptions, type Model } from './model.ts';
export { type NameTable, place, type Placement, type Source } from './name-table.ts';
export { packedNotes } from './packed-file.ts';
export {
  patchEmbedding,
  type PatchEmbedding,
  patchEmbeddingSpec,
  type PatchProjection,
  patchProjectionSpec,
} from './patch-embedding.ts';
export { averagePool, globalAveragePool, maskedMean } from './pooling.ts';
export {
  recurrent,
  type RecurrentCell,
  type RecurrentKind,
  type RecurrentLayer,
  type RecurrentResult,
  type RecurrentShape,
  recurrentSpec,
  type SharedInputs,
} from './recurrent.ts';
export { type Grid, type PositionResize, resizePositions } from './resize-positions.ts';
export {
  factor,
  fine,
  lookup,
  type LookupParam,
  param,
  type Param,
  type ParamsOf,
  parameters,
  type Spec,
  statistic,
} from './spec.ts';
export { tokensAt } from './tokens-at.ts';
export {
  type Block,
  type BlockOptions,
  postNormBlock,
  preNormBlock,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  type TransformerOptions,
  transformerSpec,
} from './transformer.ts';
export { variablesOf } from './variables-of.ts';
export { withGradient, withGradients } from './with-gradient.ts';
export { prefixNames } from './prefix-names.ts';
export { hfTransformerNames, openClipTransformerNames } from './transformer-names.ts';
