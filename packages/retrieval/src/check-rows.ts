import { EmbeddingError, type Embeddings, expectPrecision, expectRows, type Precision } from '@diptych/core';

/** @throws {EmbeddingError} `SHAPE_MISMATCH` when the data is not of the shape, `INPUT_INVALID` when not rows or not finite. */
export function checkRows(what: string, rows: Embeddings<Precision>): void {
  expectRows(rows, what);
  expectPrecision(rows.precision, what);
  const { data, shape, precision, scales } = rows;
  const [n, dim] = shape;
  const width = precision === 'binary' || precision === 'ubinary' ? Math.ceil(dim / 8) : dim;
  if (data.length !== n * width) {
    throw new EmbeddingError('SHAPE_MISMATCH', { where: what, expected: `${n} x ${width} elements`, got: data.length });
  }
  if (precision === 'float32') checkFinite(what, data, 'component');
  if (precision === 'int8' || precision === 'uint8') {
    if (scales?.length !== n) {
      throw new EmbeddingError('SHAPE_MISMATCH', {
        where: what,
        expected: `${n} scales`,
        got: scales?.length ?? 'none',
      });
    }
    checkFinite(what, scales, 'scale');
  }
}

/** @throws {EmbeddingError} `SHAPE_MISMATCH` for another dimension, `INPUT_INVALID` for another model. */
export function checkSpace(
  what: string,
  got: Embeddings<Precision>,
  { dim, model }: { dim: number; model: string },
): void {
  expectRows(got, what);
  if (got.shape[1] !== dim) {
    throw new EmbeddingError('SHAPE_MISMATCH', { where: what, expected: `dimension ${dim}`, got: got.shape[1] });
  }
  if (got.model !== model) {
    throw new EmbeddingError('INPUT_INVALID', { where: what, expected: `rows of '${model}'`, got: `'${got.model}'` });
  }
}

/** @throws {EmbeddingError} `INPUT_INVALID` when not a positive integer. */
export function checkCount(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new EmbeddingError('INPUT_INVALID', { where: what, expected: 'a positive integer', got: value });
  }
}

function checkFinite(what: string, values: Embeddings<Precision>['data'], name: string): void {
  if (areFinite(values)) return;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: what,
        expected: 'finite values',
        got: `${values[i]} as ${name} ${i}`,
      });
    }
  }
}

/** What is not finite differs from itself by NaN, as does what that is added to. Four sums: one waits for its last addition. */
function areFinite(values: Embeddings<Precision>['data']): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a += difference(values[i]!, values[i]!);
    b += difference(values[i + 1]!, values[i + 1]!);
    c += difference(values[i + 2]!, values[i + 2]!);
    d += difference(values[i + 3]!, values[i + 3]!);
  }
  for (let i = whole; i < values.length; i++) a += difference(values[i]!, values[i]!);
  return a + b + c + d === 0;
}

function difference(a: number, b: number): number {
  return a - b;
}
