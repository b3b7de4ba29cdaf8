import { describe, expect, it } from 'vitest';
import { UMAP } from 'umap-js';
import { seededRandom } from '@diptych/core';
import { umap } from '../src/report.ts';
import { randomRows } from './rows.ts';

/** Two groups of 30 that are far apart. */
function groups() {
  const rows = randomRows(60, 4, 1);
  return { ...rows, data: rows.data.map((value, i) => 0.1 * value + (i < 120 ? 5 : -5)) };
}

describe('UMAP', async () => {
  const { data, shape } = await umap(UMAP)(groups());

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

  it('is what umap-js gives at once', () => {
    const rows = groups();
    const vectors = Array.from({ length: 60 }, (_, i) => [...rows.data.subarray(4 * i, 4 * i + 4)]);
    const whole = new UMAP({ nNeighbors: 15, minDist: 0.1, random: seededRandom(0) }).fit(vectors);
    expect(Array.from(data)).toEqual(whole.flat());
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort('enough'));
    await expect(umap(UMAP)(groups(), controller.signal)).rejects.toBe('enough');
  });

  it('is the same for the same seed', async () => {
    expect(await umap(UMAP)(groups())).toEqual({ data, shape });
    expect((await umap(UMAP, { seed: 1 })(groups())).data).not.toEqual(data);
  });

  it('refuses as many neighbours as rows', async () => {
    await expect(umap(UMAP)(randomRows(15, 4, 1))).rejects.toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
