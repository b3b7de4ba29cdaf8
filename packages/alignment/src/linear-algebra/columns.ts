import { columnMeans as meansOf, EmbeddingError } from '@diptych/core';
import type { Rows } from './matrix.ts';

/**
 * Mean of every column.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when there is no row or a value is not finite; the message says `name`.
 */
export function columnMeans({ data, shape: [rows, columns] }: Rows, name: string): Float64Array {
  if (rows < 1) throw new EmbeddingError('INPUT_INVALID', { where: name, expected: 'at least one row', got: 'none' });
  const means = meansOf({ data, shape: [rows, columns] });
  // A value that is not finite leaves no finite mean; finite ones may, where they are immense.
  if (!means.every(Number.isFinite)) expectFinite({ data, shape: [rows, columns] }, name);
  return means;
}

function expectFinite({ data, shape: [rows, columns] }: Rows, name: string): void {
  for (let i = 0; i < rows * columns; i++) {
    if (Number.isFinite(data[i])) continue;
    const where = `row ${Math.floor(i / columns)}, column ${i % columns}`;
    throw new EmbeddingError('INPUT_INVALID', {
      where: name,
      expected: 'finite values',
      got: `${data[i]} at ${where}`,
    });
  }
}
