import { dequantize, EmbeddingError, type Embeddings, expectRows, type Precision } from '@diptych/core';

/** Rows of numbers, row-major. */
export interface Matrix {
  readonly data: ArrayLike<number>;
  readonly shape: readonly [n: number, dim: number];
}

/** Rows of one space: embeddings of any precision, or plain numbers in double precision. */
export type Rows = Embeddings<Precision> | Matrix;

/** Rows whose values were found finite. */
export interface FiniteRows {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly [n: number, dim: number];
}

/**
 * The numbers of `rows`, not copied where they are floats already.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the data does not fill the shape; `INPUT_INVALID` when there is no row
 *   or a value is not finite. The message says `name`.
 */
export function finiteRows(rows: Rows, name: string): FiniteRows {
  expectRows(rows, name);
  const { data, shape } = 'precision' in rows ? dequantize(rows) : rows;
  const [n, dim] = shape;
  if (!(n >= 1 && dim >= 1)) {
    throw new EmbeddingError('INPUT_INVALID', { where: name, expected: 'at least one row and column', got: shape });
  }
  if (data.length !== n * dim) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: name,
      expected: `${n * dim} values for [${shape}]`,
      got: data.length,
    });
  }
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    const where = `row ${Math.floor(i / dim)}, column ${i % dim}`;
    throw new EmbeddingError('INPUT_INVALID', {
      where: name,
      expected: 'finite values',
      got: `${data[i]} at ${where}`,
    });
  }
  const floats = data instanceof Float32Array || data instanceof Float64Array;
  return { data: floats ? data : Float64Array.from(data), shape };
}

/**
 * Refuses rows that cannot be compared.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the dimensions differ, `INPUT_INVALID` when the models differ.
 */
export function expectOneSpace(a: Rows, b: Rows, name: string): void {
  for (const rows of [a, b]) expectRows(rows, name);
  if (a.shape[1] !== b.shape[1]) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: name,
      expected: 'rows of one dimension',
      got: `${a.shape[1]} and ${b.shape[1]}`,
    });
  }
  if ('model' in a && 'model' in b && a.model !== b.model) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: name,
      expected: 'rows of one model',
      got: `'${a.model}' and '${b.model}'`,
    });
  }
}

/**
 * Refuses rows that are not pairs: of one space, and as many of one as of the other.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the shapes differ, `INPUT_INVALID` when the models differ.
 */
export function expectPairs(a: Rows, b: Rows, name: string): void {
  expectOneSpace(a, b, name);
  if (a.shape[0] !== b.shape[0]) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: name,
      expected: 'as many rows of both',
      got: `${a.shape[0]} and ${b.shape[0]}`,
    });
  }
}
