import { describe, expect, it } from 'vitest';
import { UMAP } from 'umap-js';
import { seededRandom } from '@diptych/core';
import { given } from '@diptych/golden';
import { umap } from '../src/report.ts';
import type { FiniteRows } from '../src/rows.ts';
import { umapCurve } from '../src/report/umap-curve.ts';
import { randomRows } from './rows.ts';

/** Two groups of 30 that are far apart. */
function groups() {
  const rows = randomRows(60, 4, 1);
  return { ...rows, data: rows.data.map((value, i) => 0.1 * value + (i < 120 ? 5 : -5)) };
}

/** umap-js from our neighbours on, with our curve. */
function umapJs({ data, shape: [n, dim] }: FiniteRows, k: number): number[] {
  const vectors = Array.from({ length: n }, (_, i) => [...data.subarray(i * dim, (i + 1) * dim)]);
  const near = vectors.map((a, i) => {
    const all = vectors.map((b, j) => ({
      j,
      distance: Math.sqrt(a.reduce((sum, value, d) => sum + (value - b[d]!) ** 2, 0)),
    }));
    const others = all
      .filter(({ j }) => j !== i)
      .toSorted((one, other) => one.distance - other.distance || one.j - other.j);
    return [all[i]!, ...others].slice(0, k);
  });
  const run = new UMAP({ nNeighbors: k, minDist: 0.1, random: seededRandom(0) });
  run.setPrecomputedKNN(
    near.map((row) => row.map(({ j }) => j)),
    near.map((row) => row.map(({ distance }) => distance)),
  );
  const epochs = run.initializeFit(vectors);
  Object.assign(run['optimizationState'], umapCurve(0.1));
  for (let epoch = 0; epoch < epochs; epoch++) run.step();
  return run.getEmbedding().flat();
}

describe('UMAP', async () => {
  const { data, shape } = await umap()(groups());

  it('keeps groups apart', () => {
    expect(shape).toEqual([60, 2]);
    const point = (i: number) => [data[2 * i]!, data[2 * i + 1]!] as const;
    const distance = (i: number, j: number) => Math.hypot(point(i)[0] - point(j)[0], point(i)[1] - point(j)[1]);
    for (let i = 0; i < 60; i++) {
      const others = Array.from({ length: 60 }, (_, j) => j).filter((j) => j !== i);
      const nearest = others.reduce((best, j) => (distance(i, j) < distance(i, best) ? j : best));
      expect(nearest < 30).toBe(i < 30);
    }
  });

  it('is umap-js from the neighbours on', async () => {
    expect(Array.from(data)).toEqual(umapJs(groups(), 15));
    const rows = randomRows(300, 8, 2);
    expect(Array.from((await umap({ neighbors: 5 })(rows)).data)).toEqual(umapJs(rows, 5));
  });

  it('is umap-js where rows are equal', async () => {
    const rows = randomRows(80, 4, 3);
    const halves = { ...rows, data: rows.data.map((value, i) => (i < 160 ? rows.data[i % 4]! : value)) };
    expect(Array.from((await umap()(halves)).data)).toEqual(umapJs(halves, 15));
  });

  /** `curve_fit` of scipy 1.17.1, as `find_ab_params` of umap-learn calls it, with tolerances of 1e-14. */
  it.each([
    [0, 1.9328090880855, 0.7904946611253174],
    [0.1, 1.5769436134456798, 0.8950607194372566],
    [0.5, 0.5830298055312382, 1.3341673830015464],
    [1, 0.11497599064325553, 1.9292353365161816],
  ])('fits the curve of umap-learn for a least distance of %d', (minDist, a, b) => {
    const curve = umapCurve(minDist);
    expect(curve.a).toBeCloseTo(a, 7);
    expect(curve.b).toBeCloseTo(b, 7);
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort('enough'));
    await expect(umap()(randomRows(600, 64, 1), controller.signal)).rejects.toBe('enough');
  });

  it('tells after each epoch how far it is', async () => {
    const told: number[][] = [];
    await umap({ onProgress: (done, epochs) => told.push([done, epochs]) })(groups());
    expect(told).toEqual(Array.from({ length: 500 }, (_, i) => [i + 1, 500]));
  });

  it('is the same for the same seed', async () => {
    expect(await umap()(groups())).toEqual({ data, shape });
    expect((await umap({ seed: 1 })(groups())).data).not.toEqual(data);
  });

  it('refuses as many neighbours as rows, and a distance that is none', async () => {
    const refused = expect.objectContaining({ code: 'INPUT_INVALID' });
    await expect(umap()(randomRows(15, 4, 1))).rejects.toThrow(refused);
    expect(() => umap({ minDist: NaN })).toThrow(refused);
    expect(() => umap({ minDist: -1 })).toThrow(refused);
    expect(() => umap({ onProgress: given('loud') })).toThrow(refused);
  });
});
