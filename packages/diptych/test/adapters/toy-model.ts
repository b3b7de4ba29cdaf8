import { blobFiles } from '@diptych/files';
import type { EmbeddingSpace, PackagedModel } from '../../src/index.ts';
import { plain, toy } from '../toy.ts';

/** As a package would give it. */
export const toyModel: PackagedModel = { ...blobFiles({ toy: new Blob([]) }, 'toy-model'), architecture: toy };

export const texts = ['a', 'longer', 'zz', ''];
export const images = [plain(255, 0, 0), plain(0, 0, 255)];

/** The first of them as a file. */
export const red =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAD0lEQVQImWP4z8Dwn4EBAAj+Af/KOtJRAAAAAElFTkSuQmCC';

/** Rows as the library gives them. */
export async function rowsOf(
  space: EmbeddingSpace,
  modality: 'text' | 'image',
  truncateDim?: number,
): Promise<number[][]> {
  const options = truncateDim === undefined ? {} : { truncateDim };
  const { data, shape } =
    modality === 'text' ? await space.embed('text', texts, options) : await space.embed('image', images, options);
  return Array.from({ length: shape[0] }, (_, i) => Array.from(data.subarray(i * shape[1], (i + 1) * shape[1])));
}
