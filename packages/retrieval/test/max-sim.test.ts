import { quantize, type TokenEmbeddings } from '@diptych/core';
import { given } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { exactSearch, maxSim, maxSimSearch } from '../src/index.ts';
import { randomRows, rows } from './rows.ts';

/** Texts of so many tokens each. */
function tokens(lengths: readonly number[], dim: number, seed = 1): TokenEmbeddings {
  const ends = lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0));
  return { ...randomRows(ends.at(-1) ?? 0, dim, seed), offsets: Uint32Array.of(0, ...ends) };
}

function int8(of: TokenEmbeddings): TokenEmbeddings<'int8'> {
  return { ...quantize(of, 'int8'), offsets: of.offsets };
}

/** The definition. */
function naive(queries: TokenEmbeddings, documents: TokenEmbeddings): number[] {
  const dim = queries.shape[1];
  const vectors = ({ data, offsets }: TokenEmbeddings, i: number) =>
    Array.from({ length: offsets[i + 1]! - offsets[i]! }, (_, token) => {
      const at = (offsets[i]! + token) * dim;
      return [...data.subarray(at, at + dim)];
    });
  const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
  const items = ({ offsets }: TokenEmbeddings) => Array.from({ length: offsets.length - 1 }, (_, i) => i);
  return items(queries).flatMap((q) =>
    items(documents).map((d) =>
      vectors(queries, q).reduce((sum, a) => sum + Math.max(...vectors(documents, d).map((b) => dot(a, b))), 0),
    ),
  );
}

const [queries, documents] = [tokens([3, 1, 4], 13), tokens([5, 1, 2, 9, 3], 13, 2)];

describe('maxSim', () => {
  it('is the sum over the tokens of a query of their best product with a token of the document', () => {
    const scores = maxSim(queries, documents);
    naive(queries, documents).forEach((score, i) => expect(scores[i]).toBeCloseTo(score, 12));
    // The other way round it is another sum.
    const other = maxSim(documents, queries);
    expect(Math.abs(other[3]! - scores[1]!)).toBeGreaterThan(0.1);
  });

  it('of 8 bits is that of the steps, exactly', () => {
    const [q, d] = [int8(queries), int8(documents)];
    const wide = (of: TokenEmbeddings<'int8'>): TokenEmbeddings => {
      const data = Float32Array.from(of.data, (step, i) => step * of.scales![Math.floor(i / 13)]!);
      return { ...rows(13, data), offsets: of.offsets };
    };
    const scores = maxSim(q, d);
    naive(wide(q), wide(d)).forEach((score, i) => expect(scores[i]).toBeCloseTo(score, 4));
    naive(queries, documents).forEach((score, i) => expect(Math.abs(scores[i]! - score)).toBeLessThan(0.2));
  });

  it('of one token each is the dot product', () => {
    const [a, b] = [tokens([1, 1], 5), tokens([1, 1, 1], 5, 2)];
    const found = exactSearch(b, { metric: 'dot' })(a, 3);
    expect(maxSimSearch(b)(a, 3)).toEqual(found);
  });
});

describe('maxSimSearch', () => {
  it('finds the best documents, best first, of equal scores the earlier one', () => {
    const scores = maxSim(queries, documents);
    const wanted = [0, 1, 2].map((q) => {
      const all = [0, 1, 2, 3, 4].map((row) => ({ row, score: scores[q * 5 + row]! }));
      return all.toSorted((a, b) => b.score - a.score).slice(0, 3);
    });
    expect(maxSimSearch(documents)(queries, 3)).toEqual(wanted);
    const twice = { ...rows(1, [1, 1, 0, 1]), offsets: Uint32Array.of(0, 1, 2, 4) };
    expect(
      maxSimSearch(twice)({ ...rows(1, [2]), offsets: Uint32Array.of(0, 1) }, 9)[0]!.map(({ row }) => row),
    ).toEqual([0, 1, 2]);
  });

  it('compares what another search has found, and what is allowed', () => {
    const search = maxSimSearch(documents);
    const all = search(queries, 5);
    const among = [[{ row: 4 }, { row: 0 }], [{ row: 2 }], []];
    const wanted = all.map((hits, q) => hits.filter(({ row }) => among[q]!.some((one) => one.row === row)));
    expect(search(queries, 5, { among })).toEqual(wanted);
    const allow = (row: number) => row % 2 === 1;
    expect(search(queries, 5, { allow })).toEqual(all.map((hits) => hits.filter(({ row }) => allow(row))));
  });

  it.each<[string, string, () => unknown]>([
    [
      'offsets that end early',
      'INPUT_INVALID',
      () => maxSim(queries, { ...documents, offsets: Uint32Array.of(0, 19) }),
    ],
    [
      'a text without tokens',
      'INPUT_INVALID',
      () => maxSim(queries, { ...documents, offsets: Uint32Array.of(0, 0, 20) }),
    ],
    ['no offsets', 'INPUT_INVALID', () => maxSim(given(randomRows(2, 13, 1)), documents)],
    ['queries in another precision', 'INPUT_INVALID', () => maxSim(given(int8(queries)), documents)],
    [
      'bits',
      'INPUT_INVALID',
      () => maxSim(given({ ...quantize(queries, 'ubinary'), offsets: queries.offsets }), documents),
    ],
    ['another model', 'INPUT_INVALID', () => maxSim({ ...queries, model: 'n' }, documents)],
    ['another dimension', 'SHAPE_MISMATCH', () => maxSim(tokens([2], 12), documents)],
    ['a k of 0', 'INPUT_INVALID', () => maxSimSearch(documents)(queries, 0)],
    ['too few lists', 'INPUT_INVALID', () => maxSimSearch(documents)(queries, 1, { among: [[]] })],
    [
      'a document that is none',
      'INPUT_INVALID',
      () => maxSimSearch(documents)(queries, 1, { among: [[{ row: 5 }], [], []] }),
    ],
  ])('refuses %s', (_, code, call) => {
    expect(call).toThrow(expect.objectContaining({ code }) as Error);
  });
});
