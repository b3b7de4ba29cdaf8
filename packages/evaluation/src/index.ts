export { averagePrecisionAt, type AveragePrecisionDenominator } from './average-precision.ts';
export { bootstrap, type BootstrapOptions, type Interval } from './bootstrap.ts';
export { captionRanks, type CaptionRanks, type CaptionRanksOptions } from './caption-ranks.ts';
export { captionMetrics, captionRetrieval, type CaptionRetrievalOptions, rankMetrics } from './caption-retrieval.ts';
export { classPrompts } from '@diptych/core';
export { classRows } from './class-rows.ts';
export { classification } from './classification.ts';
export { alignment, uniformity } from './diagnostics/alignment-uniformity.ts';
export { linearCka } from './diagnostics/cka.ts';
export { csls } from './diagnostics/csls.ts';
export { hubness, type Hubness } from './diagnostics/hubness.ts';
export { invertedSoftmax } from './diagnostics/inverted-softmax.ts';
export { modalityGap, type ModalityGap } from './diagnostics/modality-gap.ts';
export { pca, type Pca } from './diagnostics/pca.ts';
export { qbNorm, type QbNorm } from './diagnostics/qb-norm.ts';
export { spectrum, type Spectrum } from './diagnostics/spectrum.ts';
export { embedCorpus, type Embedder, type MixedItems } from './embed-corpus.ts';
export { cosineScores, dotScores, orderScores, type ScoreOptions } from './embedding-scores.ts';
export { firstRanks, type Ties } from './first-ranks.ts';
export { geometricMean } from './geometric-mean.ts';
export { imagenetTemplates, simpleImagenetTemplates } from './imagenet-templates.ts';
export { interpolatedPrecision } from './interpolated-precision.ts';
export {
  type Labelled,
  linearProbe,
  type LinearProbe,
  type LinearProbeData,
  type LinearProbeOptions,
} from './linear-probe.ts';
export {
  classScores,
  logisticRegression,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from './logistic-regression.ts';
export type { Metrics } from './metrics.ts';
export { type Arm, type ArmResult, mixedModality, type MixedCorpus } from './mixed-modality.ts';
export { exponentialGain, type Gain, ndcgAt } from './ndcg.ts';
export { type PairedTest, pairedTest, type PairedTestOptions } from './paired-test.ts';
export { hitAt, precisionAt, recallAt, rPrecision } from './precision.ts';
export { denominators, type RankedRetrieval, rankedRetrieval } from './ranked-retrieval.ts';
export { atLevel, rankDocuments, type Ranking } from './ranking.ts';
export { reciprocalRankAt } from './reciprocal-rank.ts';
export type { Relevance } from './relevance.ts';
export type { FiniteRows, Matrix, Rows } from './rows.ts';
export { matrixScores, type Range, type Scores } from './scores.ts';
export { topK } from './top-k.ts';
export { type ByQuery, rankRun, readQrels, readRun } from './trec.ts';
export { unitRows } from './unit-rows.ts';
export { zeroShot, type ZeroShotItems, type ZeroShotOptions } from './zero-shot.ts';
