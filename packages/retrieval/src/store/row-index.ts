import type { Embeddings } from '@diptych/core';
import type { StepsFile } from './steps-file.ts';

/** What a search reads first: rows in fewer bits, and how far a score by them may be from the exact one. */
export interface RowIndex {
  /** Slots that were set or cleared, from 0 on. */
  readonly length: number;
  /** Makes room for so many slots, so that what is there is copied once. */
  reserve(slots: number): void;
  /** Rows of slots from `first` on, side by side in the precision of the store; `first` was set before, or is the next. */
  set(first: number, rows: Uint8Array<ArrayBuffer>, scales: readonly (number | undefined)[]): void;
  /** Passes the slot over from now on; it was set before, or is the next. */
  clear(slot: number): void;
  /**
   * For each query in order: the slots of all rows that may be among its best `k`.
   *
   * @param mask By slot, 1 for those to search; all without it.
   */
  nearest(queries: Embeddings, k: number, mask: Uint8Array | undefined): number[][];
  /** Whether rows such as these, of float32, are what it was made for. */
  fits(sample: readonly Float32Array[]): boolean;
  /** Empty, for the same rows in other slots. */
  fresh(file?: StepsFile): RowIndex;
  /** After a search: what it had to read may come to memory for those after it. */
  warm?(): void;
  /** It is not used any more. */
  close?(): void;
}
