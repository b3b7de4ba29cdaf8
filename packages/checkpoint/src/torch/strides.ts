import type { TypedArray } from '@diptych/core';

/** Whether the values of `shape` lie row-major. Strides of axes of size 1 say nothing. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size !== 1 && strides[axis] !== step) return false;
    step *= size;
  }
  return true;
}

/** Copies a strided view to row-major order. */
export function toRowMajor(values: TypedArray, shape: readonly number[], strides: readonly number[]): TypedArray {
  const out = values.slice(
    0,
    shape.reduce((product, n) => product * n, 1),
  );
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = values[from]!;
    // Counts up the index from its last axis and moves `from` with it.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}
