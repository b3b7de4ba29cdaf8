import { type Embeddings, quantize, type SearchPrecision } from '@diptych/core';
import { randomNumbers } from '../kernels/random.ts';

export function randomRows(n: number, dim: number, seed: number): Embeddings {
  return { precision: 'float32', model: 'test', data: randomNumbers(seed)(n * dim), shape: [n, dim] };
}

/** Rows of `signs[i] * size` throughout. */
export function extremeRows(signs: readonly number[], dim: number, size = 127): Embeddings<'int8'> {
  const data = Int8Array.from({ length: signs.length * dim }, (_, i) => size * signs[Math.floor(i / dim)]!);
  return { precision: 'int8', model: 'test', data, shape: [signs.length, dim], scales: new Float32Array(signs.length) };
}

/** Each product by its definition, `[queries, count]`. */
export const defined: {
  readonly [P in SearchPrecision]: (
    rows: Embeddings<P>,
    queries: Embeddings<P>,
    first: number,
    count: number,
  ) => number[];
} = {
  /** Four sums in double precision, the last components to the first. */
  float32: (rows, queries, first, count) =>
    pairs(rows, queries, first, count).map(([a, b]) => {
      const whole = a.length & ~3;
      const sums = [0, 0, 0, 0] as [number, number, number, number];
      for (let k = 0; k < a.length; k++) sums[k < whole ? k % 4 : 0]! += a[k]! * b[k]!;
      return sums[0] + sums[1] + (sums[2] + sums[3]);
    }),
  int8: (rows, queries, first, count) =>
    pairs(rows, queries, first, count).map(([a, b]) => a.reduce((sum, v, k) => sum + v * b[k]!, 0)),
  ubinary: (rows, queries, first, count) =>
    pairs(rows, queries, first, count).map(([a, b]) => {
      const bits = a.map((v, k) => (v ^ b[k]!).toString(2).replaceAll('0', '').length);
      return rows.shape[1] - 2 * bits.reduce((sum, v) => sum + v, 0);
    }),
};

export const inPrecision: { readonly [P in SearchPrecision]: (rows: Embeddings) => Embeddings<P> } = {
  float32: (rows) => rows,
  int8: (rows) => quantize(rows, 'int8'),
  ubinary: (rows) => quantize(rows, 'ubinary'),
};

function pairs(
  rows: Embeddings<SearchPrecision>,
  queries: Embeddings<SearchPrecision>,
  first: number,
  count: number,
): [query: number[], row: number[]][] {
  const width = rows.data.length / rows.shape[0];
  const at = ({ data }: Embeddings<SearchPrecision>, i: number) => [...data.subarray(i * width, (i + 1) * width)];
  return Array.from({ length: queries.shape[0] * count }, (_, i) => [
    at(queries, Math.floor(i / count)),
    at(rows, first + (i % count)),
  ]);
}
