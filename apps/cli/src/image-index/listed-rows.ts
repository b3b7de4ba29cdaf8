import { dequantize, EmbeddingError, type Embeddings } from '@diptych/core';
import { sideBySide } from '../queries.ts';
import type { ImageSearch } from './open-search.ts';
import type { Listed } from './list-images.ts';

/** Images of an index that are listed, and their rows in float32: row `i` is that of image `i`. */
export interface ListedRows {
  readonly images: readonly Listed[];
  readonly rows: Embeddings;
}

/** @throws {EmbeddingError} `NOT_FOUND` where there is none. */
export async function listedRows({ index, listed }: Pick<ImageSearch, 'index' | 'listed'>): Promise<ListedRows> {
  const images: Listed[] = [];
  const parts: Embeddings[] = [];
  for await (const { keys, rows } of index.blocks()) {
    const { data, shape, ...rest } = dequantize(rows);
    const [, dim] = shape;
    const there = keys.flatMap((key, row) => (listed.has(key) ? [row] : []));
    images.push(...there.map((row) => listed.get(keys[row]!)!));
    const taken = new Float32Array(there.length * dim);
    there.forEach((row, at) => taken.set(data.subarray(row * dim, (row + 1) * dim), at * dim));
    if (there.length > 0) parts.push({ ...rest, data: taken, shape: [there.length, dim] });
  }
  if (parts.length > 0) return { images, rows: sideBySide(parts) };
  throw new EmbeddingError('NOT_FOUND', { where: '--images', expected: 'an image that can be read', got: 'none' });
}
