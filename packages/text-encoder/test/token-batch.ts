import type { TextBatch } from '@diptych/core';

/** Rows of ids of one length; the mask is `mask`, or all ones. */
export function tokenBatch(ids: readonly number[], rows: number, mask?: readonly number[]): TextBatch {
  const values = Int32Array.from(ids);
  return { ids: values, mask: mask ? Int32Array.from(mask) : values.map(() => 1), shape: [rows, ids.length / rows] };
}
