export type { JointConfig, PartWidths } from './joint-config.ts';
export type { GivenParts } from './check-parts.ts';
export type { NamedParts, Projections } from './projections.ts';
export { concatLinear, concatLinearFusion, concatLinearSpec } from './concat-linear.ts';
export { concatMlp, type ConcatMlpConfig, concatMlpFusion, concatMlpSpec } from './concat-mlp.ts';
export { sum, type Sum, sumFusion, sumSpec } from './sum.ts';
export { hadamard, type Hadamard, hadamardFusion, hadamardSpec } from './hadamard.ts';
export { gated, type Gated, gatedFusion, gatedSpec } from './gated.ts';
export { bilinear, type Bilinear, bilinearFusion, bilinearSpec } from './bilinear.ts';
export { mlb, type Mlb, type MlbConfig, mlbFusion, mlbSpec } from './mlb.ts';
export { mutan, type Mutan, type MutanConfig, mutanFusion, mutanSpec } from './mutan.ts';
export { mfb, type Mfb, type MfbConfig, mfbFusion, mfbSpec } from './mfb.ts';
export { countSketch, type CountSketch, outerSketch } from './count-sketch.ts';
export { compactBilinear, mcb, type McbConfig, mcbFusion } from './mcb.ts';
export { tfn, tfnFusion } from './tfn.ts';
export { lmf, type Lmf, type LmfConfig, lmfFusion, lmfSpec } from './lmf.ts';
export { film, type FilmConfig, filmFusion, filmSpec } from './film.ts';
export {
  type CrossAttentionLayer,
  crossAttentionLayer,
  crossAttentionLayerSpec,
  type CrossAttentionOptions,
} from './cross-attention-layer.ts';
export { coAttention, type CoAttention, type CoAttentionOptions, coAttentionSpec } from './co-attention.ts';
export { late, type Late, type LateConfig, lateFusion, lateSpec } from './late-fusion.ts';
export { weightedUnitSum } from './weighted-unit-sum.ts';
export { type Ranked, reciprocalRankFusion } from '@diptych/core';
export type { Available, AvailableFusion, Presence } from './available-fusion.ts';
export { availableMean, type AvailableMean, availableMeanFusion, availableMeanSpec } from './available-mean.ts';
export {
  availableAttention,
  type AvailableAttention,
  availableAttentionFusion,
  availableAttentionSpec,
} from './available-attention.ts';
export { missingTokens, type MissingTokens, missingTokensFusion, missingTokensSpec } from './missing-tokens.ts';
export { dropModalities } from './drop-modalities.ts';
export { type SeedBatch, seedHead, seedModel, type SeedModel, seedModelSpec } from './seed-model.ts';
