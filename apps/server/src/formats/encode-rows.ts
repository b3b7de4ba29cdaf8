import { type Embeddings, type Precision, quantize } from '@diptych/core';

/** Rows as lists of numbers, in a precision. */
export function numberRows(rows: Embeddings, precision: Precision): number[][] {
  return Array.from(slices(quantize(rows, precision)), (row) => Array.from(row));
}

/** Rows as base64: of float32 little-endian, as the official clients decode it, or of the bytes of a precision. */
export function base64Rows(rows: Embeddings, precision: Precision = 'float32'): string[] {
  const made = precision === 'float32' ? rows : quantize(rows, precision);
  return Array.from(slices(made), ({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  );
}

function* slices({ data, shape: [n] }: Embeddings<Precision>): Generator<Embeddings<Precision>['data']> {
  const width = n === 0 ? 0 : data.length / n;
  for (let i = 0; i < n; i++) yield data.subarray(i * width, (i + 1) * width);
}
