import { expectItems } from './arguments.ts';

/** Items in groups of `size`, in order; the last may be smaller. Pulls no further than asked. */
export async function* batches<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  expectItems(items, 'batches');
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
