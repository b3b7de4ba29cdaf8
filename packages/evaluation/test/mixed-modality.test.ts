import { describe, expect, it } from 'vitest';
import { mixedModality, pairedTest } from '../src/index.ts';
import { mixedModalityMarkdown } from '../src/report.ts';

/** A modality of its own direction, and a meaning: rows that are far apart by the first alone. */
function rows(modality: number, meanings: readonly number[]) {
  const data = meanings.flatMap((angle) => [modality, Math.cos(angle), Math.sin(angle)]);
  return { data, shape: [meanings.length, 3] as const };
}

const meanings = Array.from({ length: 12 }, (_, i) => (i * 2 * Math.PI) / 12);
const each = meanings.map((_, i) => [i]);
/** Images lie across the gap; their summaries are texts that miss the meaning by less than half a step. */
const corpus = {
  queries: rows(3, meanings),
  texts: rows(3, meanings),
  images: rows(-3, meanings),
  summaries: rows(
    3,
    meanings.map((angle) => angle + 0.2),
  ),
  relevantTexts: each,
  relevantImages: each,
};

const results = await mixedModality(corpus, { k: 2 });

describe('mixed modality', () => {
  it('texts shadow images in one index of a space with a gap', () => {
    expect(results.direct.imageShare).toBe(0);
    expect(results.direct.mean['recall@2']).toBe(0.5);
  });

  it('summaries, merged lists and centring find both', () => {
    for (const arm of ['summary', 'merged', 'centred'] as const) {
      expect(results[arm].mean).toMatchObject({ 'map@2': 1, 'ndcg@2': 1, 'precision@2': 1 });
      expect(results[arm].imageShare).toBe(0.5);
    }
  });

  it('compares each arm with the summaries, query by query', async () => {
    expect(results.summary.againstSummary['map@2']).toEqual({ difference: 0, p: 1, exact: true });
    const { direct, summary } = results;
    expect(direct.againstSummary['map@2']).toEqual(
      await pairedTest(direct.perQuery['map@2']!, summary.perQuery['map@2']!),
    );
    // All twelve queries lose: two of 4,096 flips are as far out.
    expect(direct.againstSummary['map@2']).toEqual({ difference: -0.5, p: 2 / 2 ** 12, exact: true });
  });

  it('print as a table with what they divide by', () => {
    const lines = mixedModalityMarkdown(results).split('\n');
    expect(lines[0]).toBe(
      '| arm | map@2 | ndcg@2 | precision@2 | recall@2 | hit@2 | mrr@2 | images | map@2 less summary |',
    );
    expect(lines[3]).toBe(
      '| direct | 0.5000 | 0.6131 | 0.5000 | 0.5000 | 1.0000 | 1.0000 | 0.00 | -0.5000, p 0.0005 |',
    );
    expect(lines).toContain(
      '`map` is divided by min(R, k), `ndcg` by the DCG of the best list of k, `precision` by k, `recall` by R,',
    );
  });

  it('of five documents a perfect arm has a precision of 0.4, as two are relevant', async () => {
    const { mean } = (await mixedModality(corpus)).merged;
    expect(mean).toMatchObject({ 'map@5': 1, 'recall@5': 1 });
    expect(mean['precision@5']).toBeCloseTo(0.4, 12);
  });

  it('takes queries that only a text or only an image answers', async () => {
    const some = { ...corpus, relevantImages: each.map((own, i) => (i === 0 ? [] : own)) };
    expect((await mixedModality(some, { k: 2 })).summary.mean['recall@2']).toBe(1);
  });

  it.each([
    ['k = 0', async () => mixedModality(corpus, { k: 0 }), 'INPUT_INVALID'],
    [
      'another dimension',
      async () => mixedModality({ ...corpus, images: { data: [1], shape: [1, 1] } }),
      'SHAPE_MISMATCH',
    ],
    ['too few summaries', async () => mixedModality({ ...corpus, summaries: rows(3, [0]) }), 'SHAPE_MISMATCH'],
    [
      'a text that is not there',
      async () => mixedModality({ ...corpus, relevantTexts: each.map(() => [12]) }),
      'INPUT_INVALID',
    ],
    ['queries without entry', async () => mixedModality({ ...corpus, relevantTexts: [] }), 'SHAPE_MISMATCH'],
    [
      'a query without answer',
      async () => mixedModality({ ...corpus, relevantTexts: each.map(() => []), relevantImages: each.map(() => []) }),
      'INPUT_INVALID',
    ],
  ])('refuses %s', async (_, run, code) => {
    await expect(async () => run()).rejects.toMatchObject({ code });
  });
});
