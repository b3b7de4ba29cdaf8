import type { WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { RoundedTable } from '../layers/gather-rows.ts';

/** Largest code, of either sign. */
const largestCode = { int8: 127, int16: 32_767 } as const;

/** Of float32, above 0. */
const leastFloat = 2 ** -149;

/** A table in integers: `round(value / step)` with a step for each row. */
export interface TableCodes extends RoundedTable {
  /** Memory that it takes; so many `bytes.byteLength`. */
  readonly bytes: number;
  /** The steps and then the codes, as they may be kept in a file. */
  readonly stored: Uint8Array;
  /**
   * Rounds whole rows, the first of which is `row`.
   *
   * @param values Row-major. Rows with a number that is not finite become NaN.
   */
  round(values: Float32Array, row: number): void;
}

/** A table of zeros. */
export function tableCodes([rows, width]: RoundedTable['shape'], dtype: Exclude<WeightType, 'float32'>): TableCodes {
  const steps = new Float32Array(new ArrayBuffer(4 * rows + (dtype === 'int8' ? 1 : 2) * rows * width), 0, rows);
  const codes = new (dtype === 'int8' ? Int8Array : Int16Array)(steps.buffer, 4 * rows);
  return {
    shape: [rows, width],
    bytes: steps.buffer.byteLength,
    stored: new Uint8Array(steps.buffer),
    round(values, first) {
      const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
      for (let begin = 0, row = first; begin < values.length; begin += width, row++) {
        const step = stepOf(largestOf(bits, begin, begin + width), largestCode[dtype]);
        if (step > 0 && step < Infinity) roundRow(values.subarray(begin, begin + width), step, codes, row * width);
        steps[row] = step;
      }
    },
    rows(indices) {
      const out = new Float32Array(indices.length * width);
      indices.forEach((row, i) => {
        for (let j = 0; j < width; j++) out[i * width + j] = codes[row * width + j]! * steps[row]!;
      });
      return tf.tensor2d(out, [indices.length, width]);
    },
  };
}

/** Of float32, in which a small one may be rounded so far down that the largest number would need a larger code. */
function stepOf(largest: number, code: number): number {
  const step = Math.fround(largest / code);
  return largest / step >= code + 0.5 ? step + leastFloat : step;
}

/**
 * The largest size of some numbers by their bits: as integers sizes are in order, and NaN above them. A vocabulary has 1e8
 * numbers and more, and `Math.max` takes longer.
 */
function largestOf(bits: Int32Array, begin: number, end: number): number {
  let largest = 0;
  for (let i = begin; i < end; i++) largest = Math.max(largest, bits[i]! & 0x7fffffff);
  return new Float32Array(Int32Array.of(largest).buffer)[0]!;
}

/** `Math.round`, in a fourth of its time: what is added makes every code positive, and `| 0` rounds down then. */
function roundRow(values: Float32Array, step: number, codes: Int8Array | Int16Array, at: number): void {
  const shift = 2 ** 15;
  for (let j = 0; j < values.length; j++) codes[at + j] = ((values[j]! / step + shift + 0.5) | 0) - shift;
}
