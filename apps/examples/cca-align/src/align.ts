import { cca, moments, project, relativeRidge, weightedView } from '@diptych/alignment';
import type { Embeddings } from '@diptych/core';
import { captionRetrieval, cosineScores, type Metrics } from '@diptych/evaluation';

export interface Aligned {
  /** Of the directions, the largest first. */
  readonly correlations: Float64Array;
  /** Retrieval of the pairs that were held out, in both directions. */
  readonly metrics: Metrics;
}

/**
 * Directions in which pictures and words go together, found in all pairs but every fifth, judged by those.
 *
 * @param pictures `[n, …]` rows of a model of pictures.
 * @param words `[n, …]` rows of a model of texts; row `i` belongs to row `i` of the pictures.
 */
export async function align(pictures: Embeddings, words: Embeddings): Promise<Aligned> {
  const [known, held] = [(i: number) => i % 5 !== 0, (i: number) => i % 5 === 0];
  const seen = await moments(rowsWhere(pictures, known), rowsWhere(words, known));
  const ridge = relativeRidge(seen, 1);
  const found = await cca(seen, { components: 48, ridge });
  const x = await project(weightedView(found.x, found.values, 2), rowsWhere(pictures, held));
  const y = await project(weightedView(found.y, found.values, 2), rowsWhere(words, held));
  return { correlations: found.values, metrics: await captionRetrieval(cosineScores(x, y)) };
}

function rowsWhere({ data, shape: [n, dim] }: Embeddings, wanted: (row: number) => boolean) {
  const rows = Array.from({ length: n }, (_, i) => i).filter(wanted);
  const values = Float32Array.from(rows.flatMap((row) => [...data.subarray(row * dim, (row + 1) * dim)]));
  return { data: values, shape: [rows.length, dim] as const };
}
