import type { StoredTensor } from '@diptych/core';

/**
 * One array as bytes, `round(w / step)`, and its steps of `max|w| / 127`, for the names that `dequantized` reads. A table
 * has a step for each row, another array of several axes one for each index of the last; vectors stay as they are.
 */
export function quantized(name: string, { shape, data }: StoredTensor): (readonly [string, StoredTensor])[] {
  if (shape.length < 2) return [[name, { shape, data }]];
  const columns = shape.at(-1)!;
  const byRow = name.endsWith('features');
  const stepOf = (i: number) => (byRow ? Math.floor(i / columns) : i % columns);
  const steps = new Float32Array(byRow ? data.length / columns : columns);
  data.forEach((value, i) => (steps[stepOf(i)] = Math.max(steps[stepOf(i)]!, Math.abs(Number(value)) / 127)));
  const codes = Int8Array.from(data as Float32Array, (value, i) => Math.round(value / (steps[stepOf(i)]! || 1)));
  return [
    [name, { shape, data: codes }],
    [`${name}.step`, { shape: byRow ? [steps.length, 1] : [columns], data: steps }],
  ];
}
