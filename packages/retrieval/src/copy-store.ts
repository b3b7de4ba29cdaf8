import { expectMembers, turn } from '@diptych/core';
import type { Store } from './store.ts';

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Rows stored so far. */
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/**
 * Upserts every row of a store into another, in order and in constant memory; run again, it goes on where it was stopped. The
 * event loop turns between some rows and the next; rejects with the reason of its signal.
 *
 * @returns How many.
 * @throws {EmbeddingError} As `upsert`, when the stores differ in what they may hold.
 */
export async function copyStore(
  from: Pick<Store, 'rows'>,
  to: Pick<Store, 'upsert'>,
  options: CopyOptions = {},
): Promise<number> {
  expectMembers(from, 'copyStore: from', 'rows');
  expectMembers(to, 'copyStore: to', 'upsert');
  expectMembers(options, 'copyStore: options');
  const { signal, onProgress } = options;
  let copied = 0;
  for await (const { ids, rows, metadata } of from.rows()) {
    await turn(signal);
    await to.upsert(ids, rows, metadata);
    copied += ids.length;
    onProgress?.(copied);
  }
  return copied;
}
