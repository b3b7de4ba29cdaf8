import { describe, expect, it } from 'vitest';
import { UMAP } from 'umap-js';
import { umap } from '../src/report.ts';
import { randomRows } from './rows.ts';

/** Two groups of 30 that are far apart. */
function groups() {
  const rows = randomRows(60, 4, 1);
  return { ...rows, data: rows.data.map((value, i) => 0.1 * value + (i < 120 ? 5 : -5)) };
}

describe('UMAP', () => {
  const { data, shape } = umap(UMAP)(groups());

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

  it('is the same for the same seed', () => {
    expect(umap(UMAP)(groups())).toEqual({ data, shape });
    expect(umap(UMAP, { seed: 1 })(groups()).data).not.toEqual(data);
  });

  it('refuses as many neighbours as rows', () => {
    expect(() => umap(UMAP)(randomRows(15, 4, 1))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
