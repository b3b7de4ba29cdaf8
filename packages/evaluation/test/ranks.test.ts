import { describeGolden, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { captionRanks, firstRanks, matrixScores, type Ties, topK } from '../src/index.ts';

const expected = { optimistic: 1, pessimistic: 3, mean: 2, stable: 2 };

describeGolden('ties', () => {
  interface Oracle {
    readonly ties: { readonly scores: number[]; readonly positive_index: number } & Readonly<Record<string, number>>;
  }

  it.each(Object.entries(expected) as [Ties, number][])('%s is as in the reference', async (ties, rank) => {
    const { ties: golden } = await goldenJson<Oracle>('oracles/retrieval_metrics.json');
    const scores = matrixScores({ data: golden.scores, shape: [1, 5] });
    const name = ties === 'stable' ? 'rank0_stable_by_index' : `rank0_${ties}`;
    expect(golden[name]).toBe(rank);
    expect([...(await firstRanks(scores, [[golden.positive_index]], { ties }))]).toEqual([rank]);
    expect([...(await topK(scores, 5))[0]!]).toEqual([1, 0, 2, 3, 4]);
  });
});

describe('ranks', () => {
  it.each(Object.entries(expected) as [Ties, number][])(
    '%s is the same for a caption among images',
    async (ties, rank) => {
      // The caption in question is of image 2; the others only give each image one.
      const column = [0.5, 0.9, 0.5, 0.5, 0.1];
      const data = column.flatMap((score, image) => [score, ...column.map((_, other) => (image === other ? 2 : -2))]);
      const { imageRetrieval } = await captionRanks(matrixScores({ data, shape: [5, 6] }), [2, 0, 1, 2, 3, 4], {
        ties,
      });
      expect(imageRetrieval[0]).toBe(rank);
    },
  );

  it('does not count relevant documents against one another', async () => {
    const scores = matrixScores({ data: [1, 1, 1], shape: [1, 3] });
    expect([...(await firstRanks(scores, [[1, 2]], { ties: 'pessimistic' }))]).toEqual([1]);
    expect([...(await firstRanks(scores, [[0, 2]], { ties: 'stable' }))]).toEqual([0]);
  });

  it('gives the same best documents for any depth', async () => {
    const data = Float64Array.from({ length: 3000 }, (_, i) => (i * 7919) % 101);
    const [whole] = await topK(matrixScores({ data, shape: [1, 3000] }), Infinity);
    for (const k of [1, 10, 200, 2999]) {
      expect((await topK(matrixScores({ data, shape: [1, 3000] }), k))[0]).toEqual(whole!.slice(0, k));
    }
  });

  it('puts infinite scores where they belong', async () => {
    const scores = matrixScores({ data: [-Infinity, 1, -Infinity, Infinity], shape: [1, 4] });
    expect([...(await topK(scores, 4))[0]!]).toEqual([3, 1, 0, 2]);
  });

  const scores = matrixScores({ data: [1, 2], shape: [1, 2] });
  it.each([
    ['no relevant document', async () => firstRanks(scores, [[]]), 'INPUT_INVALID'],
    ['a document that is not there', async () => firstRanks(scores, [[2]]), 'INPUT_INVALID'],
    ['queries without entry', async () => firstRanks(scores, []), 'SHAPE_MISMATCH'],
    ['NaN', async () => firstRanks(matrixScores({ data: [1, NaN], shape: [1, 2] }), [[0]]), 'INPUT_INVALID'],
    ['k = 0', async () => topK(scores, 0), 'INPUT_INVALID'],
    ['k = 1.5', async () => topK(scores, 1.5), 'INPUT_INVALID'],
    ['too little data', () => matrixScores({ data: [1], shape: [1, 2] }), 'SHAPE_MISMATCH'],
    ['no document', () => matrixScores({ data: [], shape: [1, 0] }), 'INPUT_INVALID'],
  ])('refuses %s', async (_, run, code) => {
    await expect(async () => run()).rejects.toMatchObject({ code });
  });
});
