import { type Embeddings, quantize } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { exactSearch, int8Search, prefixSearch, signSearch } from '../src/index.ts';
import { dotInt8 } from '../src/kernels/dot-int8.ts';
import { dotSigns } from '../src/kernels/dot-signs.ts';
import { recall } from './naive-search.ts';
import { clusteredRows, randomRows, rows } from './rows.ts';

const searchers = {
  int8: (base: Embeddings, rerank?: number) => int8Search(base, { rerank }),
  signs: (base: Embeddings, rerank?: number) => signSearch(base, { rerank }),
  prefix: (base: Embeddings, rerank?: number) => prefixSearch(base, 32, { rerank }),
};

describe.each(Object.entries(searchers))('%s', (_, searcher) => {
  it('is exact when every row is reranked', () => {
    for (const dim of [32, 33, 70]) {
      const [base, queries] = [randomRows(300, dim, 1), randomRows(4, dim, 2)];
      expect(searcher(base, 300)(queries, 10)).toEqual(exactSearch(base)(queries, 10));
    }
  });

  it('passes over rows that are not allowed before it reranks', () => {
    const [base, queries] = [randomRows(400, 64, 1), randomRows(2, 64, 2)];
    const allow = (row: number) => row % 40 === 7;
    expect(searcher(base, 10)(queries, 10, { allow })).toEqual(exactSearch(base)(queries, 10, { allow }));
  });

  it('never reranks fewer rows than are asked for', () => {
    expect(searcher(randomRows(50, 32, 1), 1)(randomRows(1, 32, 2), 20)[0]).toHaveLength(20);
  });
});

it.each([
  { name: 'random', base: randomRows(5000, 128, 1), queries: randomRows(30, 128, 2) },
  { name: 'clustered', base: clusteredRows(5000, 128), queries: clusteredRows(30, 128, { seed: 2 }) },
])('8 bits, then the best 50 of $name rows exactly, lose nothing', ({ base, queries }) => {
  expect(recall(int8Search(base)(queries, 10), exactSearch(base)(queries, 10))).toBe(1);
});

it('signs find most of clustered rows, and fewer of random ones', () => {
  const rate = (base: Embeddings, queries: Embeddings) =>
    recall(signSearch(base)(queries, 10), exactSearch(base)(queries, 10));
  const clustered = rate(clusteredRows(5000, 128), clusteredRows(30, 128, { seed: 2 }));
  const unstructured = rate(randomRows(5000, 128, 1), randomRows(30, 128, 2));
  expect(clustered).toBeGreaterThan(0.9);
  expect(unstructured).toBeLessThan(clustered);
});

it.each([
  { dim: 128, rows: 5000, least: 0.95 },
  { dim: 512, rows: 20_000, least: 0.95 },
])('signs find the best of $rows rows of $dim that all lie in one direction', ({ dim, rows: n, least }) => {
  // Of length 1, their mean of length 0.87, as numpy gives for float queries on centred signs: 0.87 to 0.98 of the best.
  const far = ({ data, ...rest }: Embeddings) => {
    const length = Math.sqrt(dim) * (0.87 / Math.sqrt(1 - 0.87 ** 2));
    return {
      ...rest,
      data: data.map((v, i) => v + (length * Math.sin(1 + (i % dim) ** 2) * Math.SQRT2) / Math.sqrt(dim)),
    };
  };
  const [base, queries] = [far(randomRows(n, dim, 1)), far(randomRows(20, dim, 2))];
  expect(recall(signSearch(base)(queries, 10), exactSearch(base)(queries, 10))).toBeGreaterThanOrEqual(least);
});

it('a prefix finds all rows whose later components are small', () => {
  const decay = ({ data, ...rest }: Embeddings) => ({ ...rest, data: data.map((v, i) => v * 0.9 ** (i % 128)) });
  const [base, queries] = [decay(randomRows(5000, 128, 1)), decay(randomRows(30, 128, 2))];
  expect(recall(prefixSearch(base, 32)(queries, 10), exactSearch(base)(queries, 10))).toBe(1);
});

describe('products', () => {
  it.each([1, 3, 4, 31, 32, 33, 64, 100])('of %i components are those of the definition', (dim) => {
    const [base, queries] = [randomRows(9, dim, 1), randomRows(2, dim, 2)];
    const [steps, bits] = [new Float64Array(8), new Float64Array(8)];
    const [a, b] = [quantize(queries, 'int8'), quantize(base, 'int8')];
    dotInt8(b)(a)(3, 4, steps);
    dotSigns(quantize(base, 'ubinary'))(quantize(queries, 'ubinary'))(3, 4, bits);
    const sum = (x: ArrayLike<number>, y: ArrayLike<number>, at: number, value: (u: number, v: number) => number) => {
      const [q, row] = [Math.floor(at / 4) * dim, (3 + (at % 4)) * dim];
      return Array.from({ length: dim }, (_, k) => value(x[q + k]!, y[row + k]!)).reduce((s, v) => s + v, 0);
    };
    steps.forEach((got, at) => expect(got).toBe(sum(a.data, b.data, at, (u, v) => u * v)));
    const sign = (u: number, v: number) => (u > 0 === v > 0 ? 1 : -1);
    bits.forEach((got, at) => expect(got).toBe(sum(queries.data, base.data, at, sign)));
  });
});

it.each([1, 2047, 2048, 2049, 5000])('8 bit products of %i extreme components are exact', (dim) => {
  const extreme = (signs: readonly number[]): Embeddings<'int8'> => ({
    precision: 'int8',
    model: 'm',
    data: Int8Array.from({ length: signs.length * dim }, (_, i) => 127 * signs[Math.floor(i / dim)]!),
    shape: [signs.length, dim],
    scales: new Float32Array(signs.length).fill(1),
  });
  const out = new Float64Array(5);
  const most = dim * 127 ** 2;
  dotInt8(extreme([1, 1, -1, -1, 1]))(extreme([1]))(0, 5, out);
  expect([...out]).toEqual([most, most, -most, -most, most]);
  dotInt8(extreme([1, 1, -1, 1, -1]))(extreme([-1]))(1, 3, out);
  expect([...out.subarray(0, 3)]).toEqual([-most, most, -most]);
});

it('refuses a prefix that is none, and nothing to rerank', () => {
  const base = randomRows(2, 4, 1);
  const refused = expect.objectContaining({ code: 'INPUT_INVALID' }) as Error;
  for (const length of [0, 5, 1.5]) expect(() => prefixSearch(base, length)).toThrow(refused);
  expect(() => int8Search(base, { rerank: 0 })).toThrow(refused);
  expect(() => int8Search(rows(1, [NaN]))).toThrow(refused);
});
