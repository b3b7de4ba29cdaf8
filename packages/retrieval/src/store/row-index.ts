import type { Embeddings } from '@diptych/core';

/** What a search reads first: rows in fewer bits, and how far a score by them may be from the exact one. */
export interface RowIndex {
  /** Rows that were set, from slot 0 on. */
  readonly length: number;
  /** The row of a slot, in the precision of the store; the slot is one that was set, or the next. */
  set(slot: number, bytes: Uint8Array<ArrayBuffer>, scale: number | undefined): void;
  /** Passes the slot over from now on. */
  clear(slot: number): void;
  /**
   * In order: the slots of all rows that may be among the best `k`.
   *
   * @param query One row.
   * @param mask By slot, 1 for those to search; all without it.
   */
  nearest(query: Embeddings, k: number, mask: Uint8Array | undefined): number[];
  /** Empty, for the same rows in other slots. */
  fresh(): RowIndex;
}
