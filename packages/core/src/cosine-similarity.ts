import type { Embeddings, Precision } from './embeddings.ts';
import { EmbeddingError } from './error.ts';
import { dequantize } from './quantize.ts';

/**
 * Cosine of every row of `a` with every row of `b`, row-major `[a.n, b.n]`, in `[-1, 1]`. A zero row scores 0.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the dimensions differ, `INPUT_INVALID` when the models differ.
 */
export function cosineSimilarity(a: Embeddings<Precision>, b: Embeddings<Precision>): Float32Array {
  const dim = a.shape[1];
  if (b.shape[1] !== dim) {
    throw new EmbeddingError('SHAPE_MISMATCH', `similarity: expected both of dimension ${dim}, got ${b.shape[1]}`);
  }
  if (a.model !== b.model) {
    throw new EmbeddingError('INPUT_INVALID', `similarity: expected one model, got '${a.model}' and '${b.model}'`);
  }
  const rows = unitRows(a);
  const columns = unitRows(b);
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

function unitRows(embeddings: Embeddings<Precision>): Float64Array {
  const [n, dim] = embeddings.shape;
  const rows = Float64Array.from(dequantize(embeddings).data);
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * dim, (i + 1) * dim);
    const norm = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    if (norm > 0) row.forEach((v, k) => (row[k] = v / norm));
  }
  return rows;
}
