import { largestCode } from '@diptych/core';

/** Added to a small number and taken away again, it leaves the nearest integer: float64 has no place for more. */
const toWhole = 1.5 * 2 ** 52;

/** Rows less a mean, in steps of a 127th of the largest component; `told` is as `SearchQueries.quantize` tells it. */
export function stepsOfFloats(rows: Float32Array, mean: Float32Array, told: Float64Array): Int8Array {
  const dim = mean.length;
  const steps = new Int8Array(rows.length);
  const beyond = new Float64Array(dim);
  for (let at = 0, to = 0; at < rows.length; at += dim, to += 4) {
    let [sum, largest] = [0, 0];
    for (let i = 0; i < dim; i++) {
      const value = rows[at + i]!;
      const more = value - mean[i]!;
      beyond[i] = more;
      sum += value * value;
      largest = Math.max(largest, Math.abs(more));
    }
    const step = largest / largestCode.int8;
    const perStep = step > 0 ? 1 / step : 0;
    let [rest, stepped] = [0, 0];
    for (let i = 0; i < dim; i++) {
      const whole = beyond[i]! * perStep + toWhole - toWhole;
      steps[at + i] = whole;
      const lacks = beyond[i]! - step * whole;
      rest += lacks * lacks;
      stepped += whole * whole;
    }
    told[to] = step;
    told[to + 1] = sum;
    told[to + 2] = rest;
    told[to + 3] = stepped;
  }
  return steps;
}

/** Rows of 8 bits as they are. */
export function stepsOfBytes(
  rows: Uint8Array,
  precision: 'int8' | 'uint8',
  scales: readonly (number | undefined)[],
  told: Float64Array,
): Int8Array {
  const middle = precision === 'uint8' ? 128 : 0;
  const steps = new Int8Array(rows.length);
  const dim = rows.length / scales.length;
  for (let row = 0; row < scales.length; row++) {
    let stepped = 0;
    for (let i = row * dim; i < (row + 1) * dim; i++) {
      steps[i] = rows[i]! - middle;
      stepped += steps[i]! ** 2;
    }
    const step = scales[row]!;
    told.set([step, step * step * stepped, 0, stepped], 4 * row);
  }
  return steps;
}
