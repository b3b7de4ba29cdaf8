import { atOnce } from '@diptych/core';
import { expect, it } from 'vitest';
import { mergePairs, type MergeTable } from '../../src/text/merge-pairs.ts';

const letters = 6;
const vocabularySize = 60;

/** Merges of random earlier tokens, seeded. */
function randomTable(seed: number): MergeTable {
  let state = seed;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const ranks = new Map<number, number>();
  const merged = Int32Array.from({ length: vocabularySize - letters }, (_, rank) => {
    ranks.set(below(letters + rank) * vocabularySize + below(letters + rank), rank);
    return letters + rank;
  });
  return { ranks, merged, vocabularySize };
}

/** The definition: merge the leftmost pair of lowest rank until there is none. */
function mergeSlowly(symbols: readonly number[], { ranks, merged }: MergeTable): number[] {
  const ids = [...symbols];
  for (;;) {
    const found = ids.slice(1).map((right, i) => ranks.get(ids[i]! * vocabularySize + right) ?? Infinity);
    const rank = Math.min(...found);
    if (rank === Infinity) return ids;
    ids.splice(found.indexOf(rank), 2, merged[rank]!);
  }
}

it.each(Array.from({ length: 50 }, (_, i) => i))('merges as the definition does (%d)', (seed) => {
  const table = randomTable(seed);
  const symbols = Array.from({ length: 40 }, (_, i) => (((i + 1) * (i + seed + 7) * 31) >> 3) % letters);
  expect(atOnce(mergePairs(symbols, table))).toEqual(mergeSlowly(symbols, table));
});

it('leaves alone what no merge joins', () => {
  expect(atOnce(mergePairs([], randomTable(1)))).toEqual([]);
  expect(atOnce(mergePairs([3], randomTable(1)))).toEqual([3]);
});
