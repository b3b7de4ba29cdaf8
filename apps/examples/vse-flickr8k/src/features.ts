import type { Features } from './part.ts';

/** The square roots of values that are not negative, each row at length 1: a few strong features do not drown the rest. */
export function rootUnitRows({ data, shape }: Features): Features {
  const out = data.map(Math.sqrt);
  for (let at = 0; at < out.length; at += shape[1]) scaleToUnit(out.subarray(at, at + shape[1]));
  return { data: out, shape };
}

/** Rows by number, one after another. */
export function pick({ data, shape: [, width] }: Features, rows: ArrayLike<number>): Features {
  const out = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) out.set(data.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  return { data: out, shape: [rows.length, width] };
}

function scaleToUnit(row: Float32Array): void {
  let sum = 0;
  for (const value of row) sum += value * value;
  const factor = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  row.forEach((value, i) => (row[i] = value * factor));
}
