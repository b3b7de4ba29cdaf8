import { EmbeddingError } from '@diptych/core';
import type { Matrix, Rows } from './matrix.ts';

/**
 * Mean of every column.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when there is no row or a value is not finite; the message says `name`.
 */
export function columnMeans({ data, shape: [rows, columns] }: Rows, name: string): Float64Array {
  if (rows < 1) throw new EmbeddingError('INPUT_INVALID', `${name}: expected at least one row, got none`);
  const means = new Float64Array(columns);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) means[j]! += data[at]!;
  }
  // A value that is not finite leaves no finite sum; finite ones may, where they are immense.
  if (!means.every(Number.isFinite)) expectFinite({ data, shape: [rows, columns] }, name);
  return means.map((sum) => sum / rows);
}

function expectFinite({ data, shape: [rows, columns] }: Rows, name: string): void {
  for (let i = 0; i < rows * columns; i++) {
    if (Number.isFinite(data[i])) continue;
    const where = `row ${Math.floor(i / columns)}, column ${i % columns}`;
    throw new EmbeddingError('INPUT_INVALID', `${name}: expected finite values, got ${data[i]} at ${where}`);
  }
}

/** Every row less `row`, in double precision. */
export function subtractRow({ data, shape: [rows, columns] }: Rows, row: Float64Array): Matrix {
  const out = new Float64Array(rows * columns);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) out[at] = data[at]! - row[j]!;
  }
  return { data: out, shape: [rows, columns] };
}
