import { expectList, expectMembers } from '@diptych/core';
import { invalid } from '../invalid.ts';
import { permutation, type ShuffleOptions } from './shuffle.ts';

export interface GroupBatchesOptions extends ShuffleOptions {
  /** Rows of a batch. */
  readonly size: number;
  /** Further groups of the rows, such as the number of each caption's text: no batch has two rows of one of these either. */
  readonly others?: readonly ArrayLike<number>[];
  /** Leaves out batches at the end that are not full; every row comes up in another epoch. Default false. */
  readonly dropLast?: boolean;
}

/**
 * Batches of row numbers in a random order, each row once, no batch with two rows of one group: captions of one image are
 * never each other's negatives, whatever the loss. A row that has to wait goes into the first batch that takes it.
 *
 * @param groups `[n]`, such as the number of each caption's image.
 * @throws {EmbeddingError} `INPUT_INVALID` when `size` is no whole number of at least 1.
 */
export function* groupBatches(groups: ArrayLike<number>, options: GroupBatchesOptions): Generator<Uint32Array> {
  expectList(groups, 'groupBatches: groups');
  const { size, others = [], dropLast = false } = expectMembers(options, 'groupBatches: options');
  expectList(others, 'groupBatches: others');
  for (const [i, other] of others.entries()) expectList(other, `groupBatches: others[${i}]`);
  if (!Number.isSafeInteger(size) || size < 1) {
    throw invalid('size', 'a whole number of at least 1', size);
  }
  let rows = permutation(groups.length, options);
  while (rows.length > 0) {
    const { batch, rest } = take(rows, [groups, ...others], size);
    if (batch.length < size && dropLast) return;
    yield batch;
    rows = rest;
  }
}

/** The first rows of different groups, and the others in their order. */
function take(
  rows: Uint32Array,
  groupings: readonly ArrayLike<number>[],
  size: number,
): Readonly<Record<'batch' | 'rest', Uint32Array>> {
  const known = groupings.map((groups) => ({ groups, seen: new Set<number>() }));
  const batch: number[] = [];
  const waiting: number[] = [];
  let next = 0;
  for (; next < rows.length && batch.length < size; next++) {
    const row = rows[next]!;
    if (known.some(({ groups, seen }) => seen.has(groups[row]!))) {
      waiting.push(row);
      continue;
    }
    batch.push(row);
    for (const { groups, seen } of known) seen.add(groups[row]!);
  }
  // Those that wait lie directly before what was not looked at yet.
  const rest = rows.subarray(next - waiting.length);
  rest.set(waiting);
  return { batch: Uint32Array.from(batch), rest };
}
