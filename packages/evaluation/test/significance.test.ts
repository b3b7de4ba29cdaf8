import { describeGolden, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { bootstrap, pairedTest } from '../src/index.ts';
import { randomRows } from './rows.ts';

describeGolden('paired test', () => {
  it('counts the flips of the reference', async () => {
    const { paired_permutation: golden } = await goldenJson<{
      paired_permutation: { a: number[]; b: number[]; mean_diff: number; p_two_sided_exact: number };
    }>('oracles/retrieval_metrics.json');
    const { difference, p, exact } = await pairedTest(golden.a, golden.b);
    expect(difference).toBeCloseTo(golden.mean_diff, 15);
    expect(p).toBe(golden.p_two_sided_exact);
    expect(exact).toBe(true);
  });
});

describe('paired test', () => {
  const { data } = randomRows(1, 100, 1);
  const zeros = (n: number) => new Float64Array(n);

  it('counts every flip of 13 queries as trying each does', async () => {
    const values = Float64Array.from(data.subarray(0, 13));
    const observed = Math.abs(values.reduce((sum, value) => sum + value, 0));
    let extreme = 0;
    for (let flip = 0; flip < 2 ** 13; flip++) {
      const sum = values.reduce((total, value, i) => total + ((flip >> i) & 1 ? value : -value), 0);
      if (Math.abs(sum) >= observed - 1e-12) extreme++;
    }
    expect((await pairedTest(values, zeros(13))).p).toBe(extreme / 2 ** 13);
  });

  it('is exact at 40 queries, and close to it by sampling', async () => {
    const values = Float64Array.from(data.subarray(0, 40), (value) => value + 0.15);
    const { p, exact } = await pairedTest(values, zeros(40));
    expect(exact).toBe(true);
    const doubled = Float64Array.from({ length: 41 }, (_, i) => values[i] ?? 1e-9);
    const sampled = await pairedTest(doubled, zeros(41), { samples: 20_000, seed: 3 });
    expect(sampled.exact).toBe(false);
    // Four standard errors of a share of 20,000.
    expect(Math.abs(sampled.p - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 20_000));
  });

  it('does not mind queries without difference, the order, or which method comes first', async () => {
    const a = [0.3, 0.1, 0.5, 0.2];
    const b = [0.1, 0.1, 0.6, 0];
    const { p } = await pairedTest(a, b);
    expect((await pairedTest(b, a)).p).toBe(p);
    expect((await pairedTest([...a, 1, 2], [...b, 1, 2])).p).toBe(p);
    expect((await pairedTest(a.toReversed(), b.toReversed())).p).toBe(p);
    expect(await pairedTest(a, a)).toEqual({ difference: 0, p: 1, exact: true });
  });

  it.each([
    ['other queries', async () => pairedTest([1], [1, 2]), 'SHAPE_MISMATCH'],
    ['no queries', async () => pairedTest([], []), 'INPUT_INVALID'],
    ['NaN', async () => pairedTest([NaN], [1]), 'INPUT_INVALID'],
  ])('refuses %s', async (_, run, code) => {
    await expect(async () => run()).rejects.toMatchObject({ code });
  });
});

describe('bootstrap', () => {
  const values = Float64Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));

  it('is as wide as theory has it, around the mean', async () => {
    const { value, low, high } = await bootstrap(values, { samples: 4000 });
    expect(value).toBe(0.25);
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    expect(low).toBeCloseTo(0.25 - half, 2);
    expect(high).toBeCloseTo(0.25 + half, 2);
  });

  it('is the same for the same seed, and takes any statistic', async () => {
    const seventh = await bootstrap(values, { seed: 7 });
    expect(await bootstrap(values, { seed: 7 })).toEqual(seventh);
    expect(await bootstrap(values, { seed: 8 })).not.toEqual(seventh);
    const statistic = (draw: Float64Array) => Math.max(...draw);
    expect(await bootstrap([3, 1, 2], { statistic })).toMatchObject({ value: 3, high: 3 });
  });

  it.each([
    ['nothing', async () => bootstrap([])],
    ['NaN', async () => bootstrap([1, NaN])],
    ['no samples', async () => bootstrap([1], { samples: 0 })],
    ['certainty', async () => bootstrap([1], { confidence: 1 })],
    ['half a seed', async () => bootstrap([1], { seed: 0.5 })],
  ])('refuses %s', async (_, run) => {
    await expect(async () => run()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
