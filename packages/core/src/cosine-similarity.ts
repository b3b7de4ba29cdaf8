import type { Embeddings, Precision } from './embeddings.ts';
import { unitRows } from './numbers/rows.ts';
import { expectOneSpace } from './one-space.ts';
import { dequantize } from './quantize.ts';

/**
 * Cosine of every row of `a` with every row of `b`, row-major `[a.n, b.n]`, in `[-1, 1]`. A zero row scores 0.
 *
 * One piece, of a second where `a.n * b.n * dim` is some 5e8: for more there are `exactSearch` of `@diptych/retrieval` and
 * `cosineScores` of `@diptych/evaluation`, which take blocks and a signal.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the dimensions differ, `INPUT_INVALID` when the models differ.
 */
export function cosineSimilarity(a: Embeddings<Precision>, b: Embeddings<Precision>): Float32Array {
  expectOneSpace(a, b);
  const dim = a.shape[1];
  const rows = unitRows(dequantize(a)).data;
  const columns = unitRows(dequantize(b)).data;
  const [n, m] = [a.shape[0], b.shape[0]];
  const out = new Float32Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let dot = 0;
      for (let k = 0; k < dim; k++) dot += rows[i * dim + k]! * columns[j * dim + k]!;
      out[i * m + j] = Math.min(1, Math.max(-1, dot));
    }
  }
  return out;
}
