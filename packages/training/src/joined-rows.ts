import type { Rows } from '@diptych/alignment';

/** Parts of so many rows, one after the other. */
export function joinedRows(
  parts: readonly Float32Array[],
  shape: Rows['shape'],
): Rows & { readonly data: Float32Array } {
  const data = new Float32Array(shape[0] * shape[1]);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { data, shape };
}
