import { describeGolden, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import {
  averagePrecisionAt,
  denominators,
  exponentialGain,
  geometricMean,
  interpolatedPrecision,
  matrixScores,
  ndcgAt,
  precisionAt,
  rankDocuments,
  rankedRetrieval,
  type Ranking,
  reciprocalRankAt,
  rPrecision,
} from '../src/index.ts';
import { expectClose, expectMetrics } from './close.ts';
import { matrix } from './rows.ts';

type Numbers = readonly (readonly number[])[];

interface Oracle {
  readonly ranked_lists: {
    readonly scores: Numbers;
    readonly relevance: Numbers;
    readonly per_query: readonly Readonly<Record<string, number>>[];
    readonly mean: Readonly<Record<string, number>>;
    readonly torchmetrics: Readonly<Record<string, number>>;
  };
  readonly graded_ndcg: Readonly<Record<'relevance' | 'scores', readonly number[]>> &
    Readonly<Record<'linear_gain@5' | 'exp_gain@5', number>>;
  readonly hand: {
    readonly relevance_in_rank_order: readonly number[];
    readonly 'ap@5': number;
    readonly 'ndcg@5': number;
  };
}

const path = 'oracles/retrieval_metrics.json';

/** Index to grade of each row. */
function graded(relevance: Numbers): ReadonlyMap<number, number>[] {
  return relevance.map((grades) => new Map(grades.entries()));
}

describeGolden('ranked lists', () => {
  const names = {
    'precision@5': 'precision@5',
    'recall@5': 'recall@5',
    'hit@5': 'hit@5',
    'map@5': 'ap@5_div_min(R,k)',
    'ndcg@5': 'ndcg@5',
    'mrr@5': 'rr@5',
  };

  it('give every metric of the reference, per query and in the mean', async () => {
    const { ranked_lists: golden } = await goldenJson<Oracle>(path);
    const rankings = await rankDocuments(matrixScores(matrix(golden.scores)), graded(golden.relevance));
    const { perQuery, mean } = await rankedRetrieval(rankings, 5);
    for (const [ours, theirs] of Object.entries(names)) {
      expectClose(
        perQuery[ours]!,
        golden.per_query.map((query) => query[theirs]!),
        1e-12,
      );
      expectMetrics(mean, { [ours]: golden.mean[theirs]! });
    }
    const full = rankings.map((ranking) => reciprocalRankAt(ranking, Infinity));
    expectClose(
      full,
      golden.per_query.map((query) => query['rr_full']!),
      1e-12,
    );
    const byHits = rankings.map((ranking) => averagePrecisionAt(ranking, 5, 'hits'));
    expectClose(
      byHits,
      golden.per_query.map((query) => query['ap@5_div_hits']!),
      1e-12,
    );
  });

  it('are close to what torchmetrics makes of them in single precision', async () => {
    const { ranked_lists: golden } = await goldenJson<Oracle>(path);
    const rankings = await rankDocuments(matrixScores(matrix(golden.scores)), graded(golden.relevance));
    const mean = (metric: (ranking: Ranking) => number) =>
      rankings.reduce((sum, ranking) => sum + metric(ranking), 0) / rankings.length;
    const got = [
      mean((ranking) => averagePrecisionAt(ranking, 5, 'hits')),
      mean((ranking) => ndcgAt(ranking, 5)),
      mean((ranking) => reciprocalRankAt(ranking, Infinity)),
    ];
    expectClose(got, Object.values(golden.torchmetrics), 1e-5);
  });

  it('need no more documents than the cut-off', async () => {
    const { ranked_lists: golden } = await goldenJson<Oracle>(path);
    const scores = matrixScores(matrix(golden.scores));
    const short = await rankDocuments(scores, graded(golden.relevance), { depth: 5 });
    const whole = await rankDocuments(scores, graded(golden.relevance));
    expect(await rankedRetrieval(short, 5)).toEqual(await rankedRetrieval(whole, 5));
  });

  it('weigh grades, linearly and by powers of two', async () => {
    const { graded_ndcg: golden } = await goldenJson<Oracle>(path);
    const [ranking] = await rankDocuments(matrixScores(matrix([golden.scores])), graded([golden.relevance]));
    expectClose(
      [ndcgAt(ranking!, 5), ndcgAt(ranking!, 5, exponentialGain)],
      [golden['linear_gain@5'], golden['exp_gain@5']],
    );
  });

  it('agree with the example by hand', async () => {
    const { hand: golden } = await goldenJson<Oracle>(path);
    const ranking = { retrieved: golden.relevance_in_rank_order, relevant: [1, 1] };
    expectClose([averagePrecisionAt(ranking, 5), ndcgAt(ranking, 5)], [golden['ap@5'], golden['ndcg@5']]);
  });
});

describe('means over recalls and queries', () => {
  const ranking: Ranking = { retrieved: [0, 1, 0, 1, 0], relevant: [1, 1, 1] };

  it('take the best precision from a recall on, and 0 beyond what was found', () => {
    expect([0, 0.3, 0.6, 0.9].map((recall) => interpolatedPrecision(ranking, recall))).toEqual([0.5, 0.5, 0.5, 0]);
  });

  it('are geometric, with the floor of trec_eval', () => {
    expect(geometricMean([0.1, 0.4])).toBeCloseTo(0.2, 12);
    expect(geometricMean([0, 1])).toBeCloseTo(Math.sqrt(1e-5), 12);
  });

  it.each([
    ['recall beyond 1', () => interpolatedPrecision(ranking, 1.1)],
    ['no recall', () => interpolatedPrecision(ranking, NaN)],
    ['nothing relevant', () => interpolatedPrecision({ retrieved: [0], relevant: [] }, 0.5)],
    ['no query', () => geometricMean([])],
    ['a negative metric', () => geometricMean([0.5, -1])],
  ])('refuse %s', async (_, run) => {
    await expect(async () => run()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('denominators', () => {
  const perfect: Ranking = { retrieved: [1, 1, 0, 0, 0], relevant: [1, 1] };

  it('let a perfect list score 1, but for precision', async () => {
    const { mean } = await rankedRetrieval([perfect], 5);
    expect(mean).toEqual({ 'map@5': 1, 'ndcg@5': 1, 'precision@5': 0.4, 'recall@5': 1, 'hit@5': 1, 'mrr@5': 1 });
    expect(Object.keys(mean).map((name) => name.split('@')[0])).toEqual(Object.keys(denominators));
  });

  it('of average precision differ where there are more relevant documents than places', () => {
    const ranking = { retrieved: [1, 0], relevant: [1, 1, 1, 1] };
    expect(averagePrecisionAt(ranking, 2)).toBe(1 / 2);
    expect(averagePrecisionAt(ranking, 2, 'R')).toBe(1 / 4);
    expect(averagePrecisionAt(ranking, 2, 'hits')).toBe(1);
  });

  it('count places that were left empty', () => {
    expect(precisionAt({ retrieved: [1], relevant: [1] }, 4)).toBe(1 / 4);
    expect(rPrecision({ retrieved: [1], relevant: [1, 1] })).toBe(1 / 2);
  });

  it.each([
    ['k = 0', async () => rankedRetrieval([perfect], 0)],
    ['k = -1', () => averagePrecisionAt(perfect, -1)],
    ['no query', async () => rankedRetrieval([], 5)],
    ['no relevant document', () => ndcgAt({ retrieved: [0], relevant: [] }, 5)],
    ['grades of 0 alone', async () => rankDocuments(matrixScores(matrix([[1, 2]])), [new Map([[0, 0]])])],
  ])('refuse %s', async (_, run) => {
    await expect(async () => run()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
