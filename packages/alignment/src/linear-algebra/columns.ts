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
  for (let i = 0; i < rows * columns; i++) {
    if (!Number.isFinite(data[i])) {
      const where = `row ${Math.floor(i / columns)}, column ${i % columns}`;
      throw new EmbeddingError('INPUT_INVALID', `${name}: expected finite values, got ${data[i]} at ${where}`);
    }
    means[i % columns]! += data[i]!;
  }
  return means.map((sum) => sum / rows);
}

/** Every row less `row`, in double precision. */
export function subtractRow({ data, shape }: Rows, row: Float64Array): Matrix {
  return { data: Float64Array.from(data, (value, i) => value - row[i % shape[1]]!), shape };
}
