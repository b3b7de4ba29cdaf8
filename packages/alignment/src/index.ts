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
  crossValidatedRidge,
  type RidgeScore,
  type RidgeSearch,
  type RidgeSearchOptions,
} from './cca/cross-validated-ridge.ts';
export {
  deepCca,
  deepCcaAutoencoder,
  type DeepCcaAutoencoderOptions,
  type DeepCcaOptions,
  totalCorrelation,
  type TotalCorrelation,
} from './cca/deep-cca.ts';
export { deepGcca, type DeepGccaOptions } from './cca/deep-gcca.ts';
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
export { nystrom, type NystromOptions } from './cca/nystrom.ts';
export { pls, type Pls, type PlsOptions } from './cca/pls.ts';
export { probabilisticCca, type ProbabilisticCca, type ProbabilisticView } from './cca/probabilistic-cca.ts';
export { procrustes } from './cca/procrustes.ts';
export { project } from './cca/project.ts';
export {
  refinedProcrustes,
  type RefinedProcrustes,
  type RefinedProcrustesOptions,
  type RowPair,
} from './cca/refined-procrustes.ts';
export { sparseCca, type SparseCcaOptions } from './cca/sparse-cca.ts';
export { sparseMoments } from './cca/sparse-moments.ts';
export { tensorCca, type TensorCcaOptions } from './cca/tensor-cca.ts';
export type { Matrix, Rows } from './linear-algebra/matrix.ts';
export type { AlgebraOptions } from './linear-algebra/plain.ts';
export { alignmentUniformity, uniformity } from './losses/alignment-uniformity.ts';
export { arcFace, type ArcFaceOptions } from './losses/arc-face.ts';
export { barlowTwins } from './losses/barlow-twins.ts';
export { chunkedInfoNce } from './losses/chunked-info-nce.ts';
export { chunkedSiglip } from './losses/chunked-siglip.ts';
export { chunkedVsepp } from './losses/chunked-vsepp.ts';
export { circle, type CircleOptions } from './losses/circle.ts';
export { angle, cosent, type CosentOptions } from './losses/cosent.ts';
export { dannLearningRate, dannWeight } from './losses/dann-schedule.ts';
export { devise } from './losses/devise.ts';
export {
  affinityDivergence,
  affinityMimicking,
  clipKd,
  type ClipKdOptions,
  cosineDistillation,
  mobileClipDistillation,
  type Pair,
} from './losses/distillation.ts';
export { gist, type GistOptions } from './losses/gist.ts';
export { hardNegativeInfoNce, type HardNegativeOptions } from './losses/hard-negatives.ts';
export { fallingNegatives, hinge, type HingeOptions, type MiningOptions } from './losses/hinge.ts';
export { infoNce } from './losses/info-nce.ts';
export { marginMse } from './losses/margin-mse.ts';
export { matryoshka, type MatryoshkaOptions } from './losses/matryoshka.ts';
export {
  discriminate,
  type ModalityDiscriminator,
  modalityDiscriminatorSpec,
  modalityLoss,
  reverseGradient,
} from './losses/modality-discriminator.ts';
export { multiPositive } from './losses/multi-positive.ts';
export { multiSimilarity, type MultiSimilarityOptions } from './losses/multi-similarity.ts';
export { nPair } from './losses/n-pair.ts';
export {
  infoNceObjective,
  infoNceSpec,
  type Labelled,
  type LogScale,
  type LogScaleAndBias,
  pairObjective,
  type Proxies,
  proxiesSpec,
  proxyObjective,
  siglipObjective,
  siglipSpec,
} from './losses/objectives.ts';
export { order, orderEmbedding, orderScores } from './losses/order.ts';
export { pairContrastive } from './losses/pair-contrastive.ts';
export type { Labels, PairLoss } from './losses/pairs.ts';
export { proxyAnchor, type ProxyAnchorOptions } from './losses/proxy-anchor.ts';
export { proxyNca } from './losses/proxy-nca.ts';
export { siglip } from './losses/siglip.ts';
export { ntXent, supCon, type SupConOptions } from './losses/sup-con.ts';
export { batchHardTriplet } from './losses/triplet.ts';
export { batchAllTriplet, batchSemiHardTriplet } from './losses/triplet-kinds.ts';
export { vicReg, type VicRegOptions } from './losses/vicreg.ts';
export { vse0, vsepp } from './losses/vse.ts';
export { adagrad, type AdagradOptions } from './training/adagrad.ts';
export { adam, type AdamOptions, adamW } from './training/adam.ts';
export type { Arrays, Named, Snapshot } from './training/arrays.ts';
export { clampVariable, clipGradients, globalNorm } from './training/clip-gradients.ts';
export { cachedGradients, type GradientCacheOptions } from './training/gradient-cache.ts';
export { type EpochRecord, fit, type FitLoop, type FitOptions } from './training/fit.ts';
export { type LossGradients, lossGradients } from './training/gradients.ts';
export { movingAverage, type MovingAverage, type MovingAverageOptions } from './training/moving-average.ts';
export { optimizer, type Optimizer, type OptimizerOptions } from './training/optimizer.ts';
export { rowMemory, type RowMemory, type RowMemoryOptions } from './training/row-memory.ts';
export { type Schedule, stepDecay, warmupCosine } from './training/schedule.ts';
export { sgd, type SgdOptions } from './training/sgd.ts';
export {
  type BatchGradients,
  type StepOptions,
  train,
  type TrainingRecord,
  type TrainLoop,
  type TrainOptions,
  trainStep,
} from './training/train.ts';
export type { Best, Progress } from './training/progress.ts';
export { historyOf, type SavedTraining, type TrainingState } from './training/training-state.ts';
export type { UpdateInput, UpdateRule } from './training/update-rule.ts';
export type { Inspection, TrainingProblem, TrainingWarning } from './training/warnings.ts';
export { decaysWeight } from './training/weight-decay.ts';
