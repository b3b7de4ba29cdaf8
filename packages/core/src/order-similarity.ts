import type { Embeddings, Precision } from './embeddings.ts';
import { unitRows } from './numbers/rows.ts';
import { expectOneSpace } from './one-space.ts';
import { dequantize } from './quantize.ts';

/** How the rows of a space are compared: by cosine, or by the order that a text is above its image. */
export type Similarity = 'cosine' | 'order';

/**
 * `-‖max(0, text - image)‖` of every image with every text, both at length 1, row-major `[images.n, texts.n]`: 0 where
 * the order of Vendrov et al. 2016, arXiv:1511.06361, holds, else below. Which is which matters.
 *
 * One piece, of a second where `images.n * texts.n * dim` is some 1e8.
 *
 * @param images Rows without a value below 0, as spaces compared by order give them.
 * @param texts The same.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the dimensions differ, `INPUT_INVALID` when the models differ.
 */
export function orderSimilarity(images: Embeddings<Precision>, texts: Embeddings<Precision>): Float32Array {
  expectOneSpace(images, texts);
  const dim = images.shape[1];
  const [rows, columns] = [unitRows(dequantize(images)).data, unitRows(dequantize(texts)).data];
  const [n, m] = [images.shape[0], texts.shape[0]];
  const out = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let k = 0; k < dim; k++) {
        const above = Math.max(0, columns[j * dim + k]! - rows[i * dim + k]!);
        sum += above * above;
      }
      out[i * m + j] = -Math.sqrt(sum);
    }
  }
  return out;
}
