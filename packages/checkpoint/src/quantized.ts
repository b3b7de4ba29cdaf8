import { expectMembers, expectText, type StoredTensor } from '@diptych/core';

/**
 * One array as bytes, `round(w / step)`, and its steps of `max|w| / 127`, by the names that `dequantized` reads. An array of
 * fewer than two axes stays as it is.
 *
 * @param steps Whether each row of a table has a step, `[rows, 1]`, or each index of the last axis, `[columns]`.
 */
export function quantized(
  name: string,
  tensor: StoredTensor,
  steps: 'rows' | 'columns' = 'columns',
): (readonly [string, StoredTensor])[] {
  expectText(name, 'name');
  const { shape, data } = expectMembers(tensor, 'tensor', 'shape', 'data');
  if (shape.length < 2) return [[name, { shape, data }]];
  const columns = shape.at(-1)!;
  const byRow = steps === 'rows';
  const stepOf = (i: number) => (byRow ? Math.floor(i / columns) : i % columns);
  const sizes = new Float32Array(byRow ? data.length / columns : columns);
  data.forEach((value, i) => (sizes[stepOf(i)] = Math.max(sizes[stepOf(i)]!, Math.abs(Number(value)) / 127)));
  const codes = Int8Array.from(data as Float32Array, (value, i) => Math.round(value / (sizes[stepOf(i)]! || 1)));
  return [
    [name, { shape, data: codes }],
    [`${name}.step`, { shape: byRow ? [sizes.length, 1] : [columns], data: sizes }],
  ];
}
