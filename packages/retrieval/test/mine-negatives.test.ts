import { cosineSimilarity } from '@diptych/core';
import { given } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { type MiningOptions, mineNegatives } from '../src/index.ts';
import { clusteredRows, rows } from './rows.ts';

const corpus = clusteredRows(200, 16, { spread: 0.6 });
const queries = {
  ...corpus,
  data: corpus.data.slice(0, 40 * 16).map((value, i) => value + 0.1 * Math.sin(i)),
  shape: [40, 16] as const,
};
const matches = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? [i] : [i, 199 - i]));
const cosine = cosineSimilarity(queries, corpus);

/** By the definition. */
function expected({
  negatives = 3,
  from = 0,
  depth = 30,
  scores = [-2, 2],
  margin,
  relativeMargin,
  isMatch,
}: MiningOptions) {
  return matches.flatMap((own, query) => {
    const order = [...Array(200).keys()].toSorted((a, b) => cosine[query * 200 + b]! - cosine[query * 200 + a]!);
    const others = order.filter((row) => !own.includes(row)).slice(from, from + depth);
    return own.map((match) => {
      const score = cosine[query * 200 + match]!;
      const fits = others.filter((row) => {
        const other = cosine[query * 200 + row]!;
        const within = other >= scores[0] && other <= scores[1];
        const under = margin === undefined || other <= score - margin;
        const part = relativeMargin === undefined || other <= score * (1 - relativeMargin);
        return within && under && part && !isMatch?.(query, row);
      });
      return { query, match, negatives: fits.slice(0, negatives) };
    });
  });
}

describe('hard negatives', () => {
  it.each<[string, MiningOptions]>([
    ['as they come', {}],
    ['beyond the nearest', { from: 5, negatives: 2, depth: 7 }],
    ['below the match by a margin', { margin: 0.1 }],
    ['below a part of the match', { relativeMargin: 0.05, depth: 60 }],
    ['within scores', { scores: [0.1, 0.6], depth: 100 }],
    ['that the caller takes for none', { isMatch: (query, row) => (query + row) % 3 === 0 }],
  ])('%s', async (_, options) => {
    const mined = await mineNegatives(queries, corpus, matches, options);
    expect(mined).toEqual(expected({ depth: 10 * (options.negatives ?? 3), ...options }));
    expect(mined.some(({ negatives }) => negatives.length > 0)).toBe(true);
  });

  it('are drawn from all that qualify, the same for the same seed', async () => {
    const all = expected({ negatives: 20, depth: 20 });
    const draw = async (seed: number) => mineNegatives(queries, corpus, matches, { take: 'random', depth: 20, seed });
    const [first, same, other] = [await draw(1), await draw(1), await draw(2)];
    expect(first).toEqual(same);
    expect(first).not.toEqual(other);
    first.forEach(({ negatives }, i) => {
      const places = negatives.map((row) => all[i]!.negatives.indexOf(row));
      expect(places).toHaveLength(3);
      expect(places.every((place, at) => place > (places[at - 1] ?? -1))).toBe(true);
    });
  });

  it('are none where there are none, and refuse what is no match or count', async () => {
    const one = rows(2, [1, 0]);
    expect(await mineNegatives(one, one, [[0]])).toEqual([{ query: 0, match: 0, negatives: [] }]);
    const codes = (code: string) => expect.objectContaining({ code });
    await expect(mineNegatives(one, one, [[1]])).rejects.toThrow(codes('INPUT_INVALID'));
    await expect(mineNegatives(one, one, [])).rejects.toThrow(codes('SHAPE_MISMATCH'));
    await expect(mineNegatives(one, one, [[0]], { negatives: 0 })).rejects.toThrow(codes('INPUT_INVALID'));
    await expect(mineNegatives(one, one, [[0]], { from: -1 })).rejects.toThrow(codes('INPUT_INVALID'));
    await expect(mineNegatives(one, rows(1, [1]), [[0]])).rejects.toThrow(codes('SHAPE_MISMATCH'));
    await expect(mineNegatives(one, one, [given(0)])).rejects.toThrow(codes('INPUT_INVALID'));
  });
});
