export {
  type Aligned,
  type AlignmentFacts,
  alignPairs,
  type AlignPairsOptions,
  type AlignWarning,
  type CcaRecipe,
} from './align/align-pairs.ts';
export { alignedArrays, alignedConfig } from './align/aligned-model.ts';
export { captionedPairs, type CaptionedPairsOptions, type ImageView, type TextView } from './align/captioned-pairs.ts';
export type { PairSource } from './align/pair-source.ts';
export { augmentation, type Augmentation, type AugmentationOptions } from './augment/augmentation.ts';
export {
  type CaptionSplit,
  captionSplit,
  type ImageLabels,
  mixedSplit,
  type WeightedCaptions,
} from './caption-split.ts';
export type { DualPlan, FeatureTowerPlan, PixelTowerPlan, TowerPlan, WordTowerPlan } from './dual-plan.ts';
export type { DualBatch, DualPart, DualTraining, LoadedRows, Side } from './dual-batch.ts';
export { dualTraining, type DualTrainingOptions } from './dual-training.ts';
export type { Embedder, EmbedderOptions, OpenEmbedder } from './embedder.ts';
export { epochFacts } from './epoch-facts.ts';
export type { LossPlan, LossSizes, Parts, RowLoss } from './losses/loss-plan.ts';
export { losses } from './losses/losses.ts';
export { modelArrays } from './model-arrays.ts';
export { namedRows, type NamedRows } from './named-rows.ts';
export { type Recipe, recipeOf } from './recipe.ts';
export { scoresBy } from './scores-by.ts';
export { type TrainedEpoch, trainEpochs, type TrainEpochsOptions } from './train-epochs.ts';
export { trainingPlots } from './training-plots.ts';
export type { LayerPlace } from './tuning/layer-places.ts';
export type { Lora } from './tuning/lora.ts';
export type { Tunable, TunableTower } from './tuning/tunable.ts';
export { tunedArrays } from './tuning/tuned-arrays.ts';
export { tunedTraining, type TunedTraining, type TunedTrainingOptions } from './tuning/tuned-training.ts';
export { type Tuning, tuningOf } from './tuning/tuning.ts';
