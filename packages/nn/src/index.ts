export { type Activation, gelu, geluTanh, hardSigmoid, hardSwish, quickGelu, silu } from './layers/activation.ts';
export {
  attentionSpec,
  type Attention,
  type AttentionOptions,
  crossAttention,
  selfAttention,
  type SelfAttentionOptions,
  tokensAt,
} from './layers/attention.ts';
export { causalMask, paddingMask } from './layers/attention-mask.ts';
export {
  batchNorm,
  type BatchNorm,
  type BatchNormalize,
  batchNormNames,
  batchNormSpec,
  normFactors,
  trainingBatchNorm,
} from './layers/batch-norm.ts';
export { conv1d, type Conv1d, conv1dSpec } from './layers/conv1d.ts';
export {
  type BiasedConv2d,
  biasedConv2dSpec,
  conv2d,
  type Conv2d,
  conv2dSpec,
  type ConvOptions,
} from './layers/conv2d.ts';
export {
  type BiasedDepthwiseConv2d,
  biasedDepthwiseConv2dSpec,
  depthwiseConv2d,
  type DepthwiseConv2d,
  type DepthwiseConvOptions,
  depthwiseConv2dSpec,
} from './layers/depthwise-conv2d.ts';
export type { WeightType } from '@diptych/core';
export { runFused, runFusedAll } from './layers/fused.ts';
export { gatherRows, type LookupTable, type RoundedTable } from './layers/gather-rows.ts';
export { keepFold, type KeptFold } from './layers/keep-fold.ts';
export { gatedMlp, type GatedMlp, type GatedMlpOptions, gatedMlpSpec } from './layers/gated-mlp.ts';
export { gru } from './layers/gru.ts';
export { constant, type Initializer, normal, ones, uniform, xavierUniform, zeros } from './spec/initializer.ts';
export { joinNames } from './spec/join-names.ts';
export { l2Normalize } from './layers/l2-normalize.ts';
export {
  activation,
  type LayerScale,
  linear,
  type Linear,
  linearSpec,
  type Projection,
  projectionSpec,
  scaledLinearSpec,
} from './layers/linear.ts';
export { logSigmoid, logSoftmax } from './layers/log-softmax.ts';
export { lstm } from './layers/lstm.ts';
export { maxPool } from './layers/max-pool.ts';
export { checkModel, initializeModel, loadModel, type Loading, type LoadOptions, type Model } from './loading/model.ts';
export { type NameTable, place, type Placement, type Source } from './spec/name-table.ts';
export { packedNotes } from './loading/packed-file.ts';
export { startsOf, unpackTokens } from './layers/packed-tokens.ts';
export {
  type Grid,
  patchEmbedding,
  type PatchEmbedding,
  patchEmbeddingSpec,
  patchify,
  type PatchProjection,
  patchProjectionSpec,
  type PositionResize,
  resizePositions,
} from './layers/patch-embedding.ts';
export { averagePool, globalAveragePool, maskedMean } from './layers/pooling.ts';
export {
  recurrent,
  type RecurrentCell,
  type RecurrentKind,
  type RecurrentLayer,
  type RecurrentResult,
  type RecurrentShape,
  recurrentSpec,
  type SharedInputs,
} from './layers/recurrent.ts';
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
} from './spec/spec.ts';
export { expectTensor } from './layers/expect-tensor.ts';
export {
  type Block,
  type BlockOptions,
  inTurn,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  mlp,
  type Mlp,
  mlpSpec,
  postNormBlock,
  preNormBlock,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  type TransformerOptions,
  transformerSpec,
} from './layers/transformer.ts';
export { stretchRows } from './layers/stretch-rows.ts';
export { variablesOf } from './loading/variables-of.ts';
export { customGradient, withGradient, withGradients } from './layers/with-gradient.ts';
export {
  rotaryOf,
  type Rotary,
  type RotaryConfig,
  type RotaryPairs,
  rotaryPositions,
  rotate,
} from './layers/rotary.ts';
export { linearBias } from './layers/linear-bias.ts';
export { relativeBias } from './layers/position-bias.ts';
export { prefixNames } from './spec/prefix-names.ts';
export { hfTransformerNames, openClipTransformerNames } from './spec/transformer-names.ts';
