import type { Matrix } from '../src/linear-algebra/matrix.ts';

/** Nested numbers of a reference file as a matrix. */
export function rows(values: readonly (readonly number[])[]): Matrix {
  return { data: Float64Array.from(values.flat()), shape: [values.length, values[0]!.length] };
}

/** The first `count` rows, or those from `begin` to `end`. */
export function slice({ data, shape: [, columns] }: Matrix, begin: number, end: number): Matrix {
  return { data: data.slice(begin * columns, end * columns), shape: [end - begin, columns] };
}

/** Seeded numbers in `[-0.5, 0.5)`. */
export function randomRows(n: number, columns: number, random: () => number): Matrix {
  return { data: Float64Array.from({ length: n * columns }, () => random() - 0.5), shape: [n, columns] };
}
