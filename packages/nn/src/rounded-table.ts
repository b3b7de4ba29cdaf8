import type { WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { RoundedTable } from './gather-rows.ts';

/** Largest code, of either sign. */
const largestCode = { int8: 127, int16: 32_767 } as const;

/** A table in integers: `round(value / step)` with a step for each row. */
export interface TableCodes {
  readonly shape: readonly [rows: number, width: number];
  readonly codes: Int8Array | Int16Array;
  readonly steps: Float32Array;
}

/** @param values Row-major in `shape`. Rows with a number that is not finite become NaN. */
export function roundTable(
  values: Float32Array,
  shape: TableCodes['shape'],
  dtype: Exclude<WeightType, 'float32'>,
): TableCodes {
  const [rows, width] = shape;
  const codes = new (dtype === 'int8' ? Int8Array : Int16Array)(values.length);
  const steps = new Float32Array(rows);
  // Plain loops: a vocabulary has 1e8 values and more.
  for (let row = 0; row < rows; row++) {
    const begin = row * width;
    let largest = 0;
    for (let j = begin; j < begin + width; j++) largest = Math.max(largest, Math.abs(values[j]!));
    const step = (steps[row] = largest / largestCode[dtype]);
    if (step > 0) for (let j = begin; j < begin + width; j++) codes[j] = Math.round(values[j]! / step);
  }
  return { shape, codes, steps };
}

/** The table for `gatherRows`. */
export function roundedTable({ shape, codes, steps }: TableCodes): RoundedTable & { readonly bytes: number } {
  const [, width] = shape;
  return {
    shape,
    bytes: codes.byteLength + steps.byteLength,
    rows(indices) {
      const out = new Float32Array(indices.length * width);
      indices.forEach((row, i) => {
        for (let j = 0; j < width; j++) out[i * width + j] = codes[row * width + j]! * steps[row]!;
      });
      return tf.tensor2d(out, [indices.length, width]);
    },
  };
}
