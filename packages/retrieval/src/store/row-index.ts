import type { Embeddings, SearchKernel } from '@diptych/core';
import { dotSteps } from '../kernels/dot-steps.ts';
import type { StoreConfig } from '../store.ts';
import { BitIndex } from './bit-index.ts';
import { StepIndex } from './step-index.ts';

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

/** @param sample Some rows of float32, whose mean is subtracted from all. */
export function rowIndex(
  { dim, precision }: Required<StoreConfig>,
  kernel: SearchKernel<'int8'> = dotSteps,
  sample: readonly Float32Array[] = [],
): RowIndex {
  if (precision === 'binary' || precision === 'ubinary') return new BitIndex(dim, precision === 'binary' ? 128 : 0);
  return new StepIndex(dim, precision, kernel, precision === 'float32' ? meanOf(sample, dim) : new Float64Array(dim));
}

function meanOf(rows: readonly Float32Array[], dim: number): Float64Array {
  const mean = new Float64Array(dim);
  for (const row of rows) for (let i = 0; i < dim; i++) mean[i]! += row[i]! / rows.length;
  return mean;
}
