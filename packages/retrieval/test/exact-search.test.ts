import { type SearchKernel, seededRandom } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { dotFloat32 } from '../src/kernels/dot-float32.ts';
import { exactSearch } from '../src/index.ts';
import { naiveSearch } from './naive-search.ts';
import { randomRows, rows } from './rows.ts';

describe.each([1, 2, 3, 4, 7, 8, 64, 129])('rows of dimension %i', (dim) => {
  it.each(['cosine', 'dot'] as const)('finds what a full sort by %s finds', (metric) => {
    for (const n of [1, 5, 127, 128, 300]) {
      const [base, queries] = [randomRows(n, dim, n), randomRows(3, dim, n + 1)];
      // The hits of one dimension have cosine 1 or -1 up to rounding, which decides their order.
      if (dim === 1 && metric === 'cosine') continue;
      const [found, wanted] = [exactSearch(base, { metric })(queries, 7), naiveSearch(base, queries, 7, metric)];
      expect(found.map((hits) => hits.map(({ row }) => row))).toEqual(wanted.map((hits) => hits.map(({ row }) => row)));
      found.flat().forEach(({ score }, i) => expect(score).toBeCloseTo(wanted.flat()[i]!.score, 12));
    }
  });
});

it('orders equal scores by row', () => {
  const next = seededRandom(1);
  const base = rows(
    4,
    Array.from({ length: 4000 }, () => Math.floor(next() * 3) - 1),
  );
  const queries = rows(4, [1, -1, 0, 1, 0, 0, 1, 0]);
  expect(exactSearch(base, { metric: 'dot' })(queries, 50)).toEqual(naiveSearch(base, queries, 50, 'dot'));
});

it('gives a zero row and a zero query 0', () => {
  const search = exactSearch(rows(2, [0, 0, 3, 0, -1, 0]));
  expect(search(rows(2, [2, 0, 0, 0]), 3)).toEqual(
    [
      [
        { row: 1, score: 1 },
        { row: 0, score: 0 },
        { row: 2, score: -1 },
      ],
      [
        { row: 0, score: 0 },
        { row: 1, score: 0 },
        { row: 2, score: -0 },
      ],
    ].map((hits) => hits.map(({ row, score }) => ({ row, score: expect.closeTo(score, 12) as number }))),
  );
});

it('passes over rows that are not allowed', () => {
  const [base, query] = [randomRows(500, 8, 1), randomRows(1, 8, 2)];
  const wanted = naiveSearch(base, query, 500)[0]!.filter(({ row }) => row % 3 === 0);
  const [found] = exactSearch(base)(query, 20, { allow: (row) => row % 3 === 0 });
  expect(found!.map(({ row }) => row)).toEqual(wanted.slice(0, 20).map(({ row }) => row));
});

it('finds nothing among no rows, and nothing for no query', () => {
  expect(exactSearch(rows(4, []))(randomRows(1, 4, 1), 3)).toEqual([[]]);
  expect(exactSearch(randomRows(2, 4, 1))(rows(4, []), 3)).toEqual([]);
});

it('uses the kernel that is passed in', () => {
  let calls = 0;
  const kernel: SearchKernel<'float32'> = (base) => {
    const prepare = dotFloat32(base);
    return (queries) => {
      const products = prepare(queries);
      return (...args) => {
        calls++;
        products(...args);
      };
    };
  };
  exactSearch(randomRows(300, 4, 1), { kernel })(randomRows(5, 4, 2), 3);
  expect(calls).toBe(3);
});

it('refuses another dimension, another model, NaN, data of another shape, and a k that counts nothing', () => {
  const base = randomRows(2, 4, 1);
  const search = exactSearch(base);
  const refused = (code: string) => expect.objectContaining({ code }) as Error;
  expect(() => search(rows(3, [1, 2, 3]), 1)).toThrow(refused('SHAPE_MISMATCH'));
  expect(() => search({ ...base, model: 'n' }, 1)).toThrow(refused('INPUT_INVALID'));
  expect(() => search(rows(4, [1, 2, NaN, 3]), 1)).toThrow(refused('INPUT_INVALID'));
  expect(() => exactSearch(rows(1, [Infinity]))).toThrow(refused('INPUT_INVALID'));
  expect(() => exactSearch({ ...base, shape: [3, 4] })).toThrow(refused('SHAPE_MISMATCH'));
  for (const k of [0, -1, 1.5, NaN]) expect(() => search(base, k)).toThrow(refused('INPUT_INVALID'));
});
