import { pieces, type Steps } from '@diptych/core';
import { MinHeap } from './min-heap.ts';
import { letterCost } from './in-chunks.ts';

/** Which neighbours merge, and in which order: rank `r` makes `merged[r]`. */
export interface MergeTable {
  /** Rank by `left * vocabularySize + right`; the lowest rank merges first. */
  readonly ranks: ReadonlyMap<number, number>;
  readonly merged: Int32Array;
  readonly vocabularySize: number;
}

/** Positions fill the low bits of a heap key, ranks the rest: 2^31 positions leave 2^22 ranks within 2^53. */
const positions = 2 ** 31;

/** In place of an id that has merged into its left neighbour. */
const gone = -1;

/**
 * Byte-pair encoding of one piece: the neighbours of lowest rank merge, leftmost first, until none can.
 * Time grows as `n log n`, so a piece may be long.
 *
 * @param symbols Ids of the smallest units.
 */
export function* mergePairs(symbols: ArrayLike<number>, table: MergeTable): Steps<number[]> {
  const ids = new Int32Array(symbols);
  const next = new Int32Array(ids.length);
  const previous = new Int32Array(ids.length);
  const heap = new MinHeap();
  const rankAt = (at: number): number | undefined => {
    const right = next[at]!;
    return right < ids.length ? table.ranks.get(ids[at]! * table.vocabularySize + ids[right]!) : undefined;
  };
  const propose = (at: number): void => {
    const rank = rankAt(at);
    if (rank !== undefined) heap.push(rank * positions + at);
  };
  const isFull = pieces();
  for (let at = 0; at < ids.length; at++) {
    next[at] = at + 1;
    previous[at] = at - 1;
    propose(at);
    if (isFull(letterCost)) yield;
  }

  for (let key = heap.pop(); key !== undefined; key = heap.pop()) {
    if (isFull(letterCost)) yield;
    const at = key % positions;
    const rank = (key - at) / positions;
    if (ids[at] === gone || rankAt(at) !== rank) continue; // A neighbour has merged since this was proposed.
    const right = next[at]!;
    ids[at] = table.merged[rank]!;
    ids[right] = gone;
    const after = next[right]!;
    next[at] = after;
    if (after < ids.length) previous[after] = at;
    propose(at);
    if (previous[at]! >= 0) propose(previous[at]!);
  }
  const kept: number[] = [];
  for (let at = 0; at < ids.length; at = next[at]!) kept.push(ids[at]!);
  return kept;
}
