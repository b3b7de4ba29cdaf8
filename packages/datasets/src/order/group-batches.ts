import { expectList, expectMembers } from '@diptych/core';
import { invalid } from '../invalid.ts';
import { permutation, type ShuffleOptions } from './shuffle.ts';

export interface GroupBatchesOptions extends ShuffleOptions {
  /** Rows of a batch. */
  readonly size: number;
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
  const { size, dropLast = false } = expectMembers(options, 'groupBatches: options');
  if (!Number.isSafeInteger(size) || size < 1) {
    throw invalid('size', 'a whole number of at least 1', size);
  }
  let rows = permutation(groups.length, options);
  while (rows.length > 0) {
    const { batch, rest } = take(rows, groups, size);
    if (batch.length < size && dropLast) return;
    yield batch;
    rows = rest;
  }
}

/** The first rows of different groups, and the others in their order. */
function take(
  rows: Uint32Array,
  groups: ArrayLike<number>,
  size: number,
): Readonly<Record<'batch' | 'rest', Uint32Array>> {
  const seen = new Set<number>();
  const batch: number[] = [];
  const waiting: number[] = [];
  let next = 0;
  for (; next < rows.length && batch.length < size; next++) {
    const row = rows[next]!;
    const group = groups[row]!;
    (seen.has(group) ? waiting : batch).push(row);
    seen.add(group);
  }
  // Those that wait lie directly before what was not looked at yet.
  const rest = rows.subarray(next - waiting.length);
  rest.set(waiting);
  return { batch: Uint32Array.from(batch), rest };
}
