export { averagePrecisionAt, type AveragePrecisionDenominator } from './retrieval/average-precision.ts';
export { bootstrap, type BootstrapOptions, type Interval } from './statistics/bootstrap.ts';
export { captionRanks, type CaptionRanks } from './retrieval/caption-ranks.ts';
export {
  captionMetrics,
  captionRetrieval,
  type CaptionRetrievalOptions,
  rankMetrics,
} from './retrieval/caption-retrieval.ts';
export { classPrompts } from '@diptych/core';
export { classRows } from './classification/class-rows.ts';
export { classification } from './classification/classification.ts';
export { alignment, uniformity, type UniformityOptions } from './diagnostics/alignment-uniformity.ts';
export { linearCka } from './diagnostics/cka.ts';
export { csls, type CslsOptions } from './diagnostics/csls.ts';
export { hubness, type Hubness } from './diagnostics/hubness.ts';
export { invertedSoftmax } from './diagnostics/inverted-softmax.ts';
export { modalityGap, type ModalityGap } from './diagnostics/modality-gap.ts';
export { pca, type Pca, type PcaOptions } from './diagnostics/pca.ts';
export { qbNorm, type QbNorm, type QbNormOptions } from './diagnostics/qb-norm.ts';
export { spectrum, type Spectrum } from './diagnostics/spectrum.ts';
export { embedCorpus, type Embedder, type MixedItems } from './retrieval/embed-corpus.ts';
export { cosineScores, dotScores, orderScores, type ScoreOptions } from './embedding-scores.ts';
export { firstRanks, type RankOptions, type Ties } from './retrieval/first-ranks.ts';
export { geometricMean } from './retrieval/geometric-mean.ts';
export { imagenetTemplates, simpleImagenetTemplates } from './classification/imagenet-templates.ts';
export { interpolatedPrecision } from './retrieval/interpolated-precision.ts';
export {
  type Labelled,
  linearProbe,
  type LinearProbe,
  type LinearProbeData,
  type LinearProbeOptions,
} from './classification/linear-probe.ts';
export {
  classScores,
  logisticRegression,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from './classification/logistic-regression.ts';
export type { Metrics } from './metrics.ts';
export {
  type Arm,
  type ArmResult,
  mixedModality,
  type MixedCorpus,
  type MixedModalityOptions,
} from './retrieval/mixed-modality.ts';
export { exponentialGain, type Gain, ndcgAt } from './retrieval/ndcg.ts';
export { type PairedTest, pairedTest, type PairedTestOptions } from './statistics/paired-test.ts';
export { hitAt, precisionAt, recallAt, rPrecision } from './retrieval/precision.ts';
export { denominators, type RankedRetrieval, rankedRetrieval } from './retrieval/ranked-retrieval.ts';
export { atLevel, rankDocuments, type Ranking, type RankingOptions } from './retrieval/ranking.ts';
export { reciprocalRankAt } from './retrieval/reciprocal-rank.ts';
export type { Relevance } from './retrieval/relevance.ts';
export type { FiniteRows, Matrix, Rows } from './rows.ts';
export type { SignalOption } from './signal-option.ts';
export { matrixScores, type Range, type Scores } from './scores.ts';
export { topK } from './top-k.ts';
export { type ByQuery, rankRun, readQrels, readRun } from './retrieval/trec.ts';
export { unitRows } from './unit-rows.ts';
export { zeroShot, type ZeroShotItems, type ZeroShotOptions } from './classification/zero-shot.ts';
