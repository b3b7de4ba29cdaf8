import { describeGolden, goldenJson } from '@diptych/golden';
import { expectClose } from '@diptych/testkit';
import { describe, expect, test } from 'vitest';
import { lateFusion, reciprocalRankFusion, weightedUnitSum } from '../src/index.ts';
import { fusionCase } from './expect-fusion.ts';

interface Diagnostics {
  readonly reciprocal_rank_fusion: {
    readonly k: number;
    readonly lists: readonly string[][];
    readonly scores: Readonly<Record<string, number>>;
    readonly order: readonly string[];
  };
}

describeGolden('late fusion of plain arrays', () => {
  test('weightedUnitSum is exact in float64', async () => {
    const { inputs, params, out } = await fusionCase<{ params: Record<string, number[][]>; out: number[][] }>(
      'score_fusion_unit',
    );
    const project = (weight: number[][], x: number[]) =>
      weight.map((row) => row.reduce((sum, value, i) => sum + value * x[i]!, 0));
    inputs.x.forEach((x, i) => {
      const vectors = [project(params['wx']!, x), project(params['wy']!, inputs.y[i]!)];
      expectClose(weightedUnitSum(vectors, [0.7, 0.3]), out[i]!, 1e-12);
    });
  });

  test('reciprocalRankFusion gives the scores and the order of the reference', async () => {
    const { k, lists, scores, order } = (await goldenJson<Diagnostics>('oracles/diagnostics.json'))
      .reciprocal_rank_fusion;
    const ranked = reciprocalRankFusion(lists, k);
    expect(ranked.map(({ item }) => item)).toEqual(order);
    expectClose(
      ranked.map(({ score }) => score),
      order.map((item) => scores[item]!),
      1e-15,
    );
  });
});

describe('weightedUnitSum', () => {
  test('ranks as the weighted sum of cosines', () => {
    const text = [1, 2, 0];
    const image = [0, 3, 4];
    const other = [2, 1, 2];
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
    const cosine = (a: number[], b: number[]) => dot(a, b) / Math.hypot(...a) / Math.hypot(...b);
    const fused = weightedUnitSum([text, image], [1, 2]);
    const score = cosine(text, other) + 2 * cosine(image, other);
    const third = cosine(text, [0, 0, 1]) + 2 * cosine(image, [0, 0, 1]);
    expect(dot(fused, other) / Math.hypot(...other) / fused[2]!).toBeCloseTo(score / third, 12);
    expect(Math.hypot(...fused)).toBeCloseTo(1, 12);
  });

  test('of vectors that cancel out is zero', () => {
    expect([...weightedUnitSum([Float32Array.of(1, 0), Float32Array.of(-3, 0)], [1, 1])]).toEqual([0, 0]);
  });

  test('refuses what does not fit', () => {
    const code = (name: string) => expect.objectContaining({ code: name });
    expect(() => weightedUnitSum([], [])).toThrow(code('INPUT_INVALID'));
    expect(() => weightedUnitSum([[1]], [1, 2])).toThrow(code('SHAPE_MISMATCH'));
    expect(() => weightedUnitSum([[1], [1, 2]], [1, 2])).toThrow(code('SHAPE_MISMATCH'));
  });
});

describe('reciprocalRankFusion', () => {
  test('keeps one list as it is, and no list as none', () => {
    expect(reciprocalRankFusion([[3, 1, 2]])).toEqual([
      { item: 3, score: 1 / 61 },
      { item: 1, score: 1 / 62 },
      { item: 2, score: 1 / 63 },
    ]);
    expect(reciprocalRankFusion([])).toEqual([]);
  });

  test('refuses an item twice in a list, and a negative k', () => {
    expect(() => reciprocalRankFusion([['a', 'a']])).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(() => reciprocalRankFusion([['a']], -1)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

test('late fusion refuses a weight that is none', () => {
  const config = { parts: { text: 2, image: 2 }, dim: 2, weights: { text: 1, image: -1 } };
  expect(() => lateFusion(config, { projections: {} })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});
