import * as tf from '@tensorflow/tfjs-core';
import type { CompressedTable } from './gather-rows.ts';
import { fromHalf, toHalf } from './half-precision.ts';

/** How weights are kept in memory. They are float32 whenever they are computed with. */
export type WeightType = 'float32' | 'float16' | 'int8';

/** A weight of at least two axes in fewer bytes. */
export interface Compressed extends CompressedTable {
  readonly bytes: number;
  /** All of it as a new tensor. */
  tensor(): tf.Tensor;
}

/**
 * `int8` is `round(w / step)` with a step of `max|w| / 127` for each index of the last axis longer than 1: the
 * outputs of a layer, the channels of a depthwise filter.
 *
 * @param values Row-major in `shape`.
 */
export function compress(
  values: Float32Array,
  shape: readonly number[],
  dtype: Exclude<WeightType, 'float32'>,
): Compressed {
  const columns = shape.findLast((size) => size > 1) ?? 1;
  const { bytes, restore } = dtype === 'float16' ? halves(values) : codes(values, columns);
  return {
    bytes,
    shape: [values.length / columns, columns],
    tensor: () => tf.tensor(restore(0, values.length), [...shape]),
    rows(indices) {
      const out = new Float32Array(indices.length * columns);
      indices.forEach((row, i) => out.set(restore(row * columns, (row + 1) * columns), i * columns));
      return tf.tensor2d(out, [indices.length, columns]);
    },
  };
}

interface Kept {
  readonly bytes: number;
  /** Values from `begin` to before `end`; both at the start of a row. */
  readonly restore: (begin: number, end: number) => Float32Array;
}

function halves(values: Float32Array): Kept {
  const kept = toHalf(values);
  return { bytes: kept.byteLength, restore: (begin, end) => fromHalf(kept.subarray(begin, end)) };
}

function codes(values: Float32Array, columns: number): Kept {
  const steps = stepsOf(values, columns);
  const kept = new Int8Array(values.length);
  // Plain loops: a model has 1e8 values and more.
  for (let row = 0; row < values.length; row += columns) {
    for (let j = 0; j < columns; j++) kept[row + j] = Math.round(values[row + j]! / (steps[j]! || 1));
  }
  const restore = (begin: number, end: number): Float32Array => {
    const out = new Float32Array(end - begin);
    for (let row = 0; row < out.length; row += columns) {
      for (let j = 0; j < columns; j++) out[row + j] = kept[begin + row + j]! * steps[j]!;
    }
    return out;
  };
  return { bytes: kept.byteLength + steps.byteLength, restore };
}

function stepsOf(values: Float32Array, columns: number): Float32Array {
  const steps = new Float32Array(columns);
  for (let row = 0; row < values.length; row += columns) {
    for (let j = 0; j < columns; j++) {
      const size = Math.abs(values[row + j]!);
      if (size > steps[j]!) steps[j] = size;
    }
  }
  return steps.map((largest) => largest / 127);
}
