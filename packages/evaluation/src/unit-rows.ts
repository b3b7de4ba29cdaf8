import { finiteRows, type FiniteRows, type Rows } from './rows.ts';

/** Every row at length 1, in double precision. A zero row stays zero. */
export function unitRows(rows: Rows): FiniteRows & { readonly data: Float64Array } {
  const { data, shape } = finiteRows(rows, 'unitRows');
  const inverse = inverseNorms({ data, shape });
  return { data: Float64Array.from(data, (value, i) => value * inverse[Math.floor(i / shape[1])]!), shape };
}

/** One over the length of every row; 0 for a zero row. */
export function inverseNorms({ data, shape: [n, dim] }: FiniteRows): Float64Array {
  return Float64Array.from({ length: n }, (_, row) => {
    let sum = 0;
    for (let i = row * dim; i < (row + 1) * dim; i++) sum += data[i]! ** 2;
    return sum > 0 ? 1 / Math.sqrt(sum) : 0;
  });
}
