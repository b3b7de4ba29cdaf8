import type { FiniteRows } from './rows.ts';

/** Mean row, `[dim]`, in double precision. */
export function columnMeans({ data, shape: [n, dim] }: FiniteRows): Float64Array {
  const sums = new Float64Array(dim);
  for (let i = 0; i < data.length; i++) sums[i % dim]! += data[i]!;
  return sums.map((sum) => sum / n);
}

/** Every row less `row`, in double precision. */
export function subtractRow(
  { data, shape }: FiniteRows,
  row: Float64Array,
): FiniteRows & { readonly data: Float64Array } {
  return { data: Float64Array.from(data, (value, i) => value - row[i % shape[1]]!), shape };
}
