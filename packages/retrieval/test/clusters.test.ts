import { expect, it } from 'vitest';
import { clusters } from '../src/index.ts';
import { clusteredRows, randomRows, rows } from './rows.ts';

it('finds the clusters that were put in', async () => {
  const { cluster } = await clusters(clusteredRows(400, 64, { centres: 8, spread: 0.3 }), 8);
  const names = Array.from({ length: 8 }, (_, i) => cluster[i]!);
  expect(new Set(names).size).toBe(8);
  expect([...cluster]).toEqual(Array.from({ length: 400 }, (_, i) => names[i % 8]));
});

it('puts every row with its nearest centre, and every centre in the middle of its rows', async () => {
  const base = randomRows(300, 8, 5);
  const { cluster, cosine, centres } = await clusters(base, 6);
  const row = (data: Float32Array, i: number) => [...data.subarray(i * 8, i * 8 + 8)];
  const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
  const unit = (a: number[]) => a.map((v) => v / Math.sqrt(dot(a, a)));
  const sums = Array.from({ length: 6 }, () => Array<number>(8).fill(0));
  for (let i = 0; i < 300; i++) {
    const own = unit(row(base.data, i));
    const all = Array.from({ length: 6 }, (_, c) => dot(own, row(centres.data, c)));
    expect(all[cluster[i]!]).toBeCloseTo(Math.max(...all), 6);
    expect(cosine[i]).toBeCloseTo(Math.max(...all), 6);
    own.forEach((v, k) => (sums[cluster[i]!]![k]! += v));
  }
  sums.forEach((sum, c) => expect(dot(unit(sum), row(centres.data, c))).toBeCloseTo(1, 6));
});

it('gets no worse with more iterations', async () => {
  const base = randomRows(300, 16, 6);
  const fit: number[] = [];
  for (const maxIterations of [1, 2, 4, 8, 100]) {
    fit.push((await clusters(base, 10, { maxIterations })).cosine.reduce((sum, v) => sum + v, 0));
  }
  fit.slice(1).forEach((value, i) => expect(value).toBeGreaterThanOrEqual(fit[i]! - 1e-6));
});

it('is the same for the same seed', async () => {
  const base = randomRows(200, 8, 7);
  expect(await clusters(base, 9, { seed: 3 })).toEqual(await clusters(base, 9, { seed: 3 }));
});

it('leaves no cluster empty, even among copies and zero rows', async () => {
  for (const value of [0, 1]) {
    const { cluster } = await clusters(rows(2, Array<number>(20).fill(value)), 10);
    expect([...cluster].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
});

it('refuses NaN and counts out of range', async () => {
  const refused = expect.objectContaining({ code: 'INPUT_INVALID' }) as Error;
  await expect(clusters(rows(1, [NaN]), 1)).rejects.toThrow(refused);
  for (const count of [0, 3, 1.5]) await expect(clusters(rows(1, [1, 2]), count)).rejects.toThrow(refused);
});

it('ends with the reason of its signal', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort('enough'));
  await expect(clusters(randomRows(3000, 64, 8), 50, controller)).rejects.toBe('enough');
});
