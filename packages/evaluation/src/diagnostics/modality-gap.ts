import { columnMeans } from '@diptych/core';
import { expectOneSpace, finiteRows, type Rows } from '../rows.ts';
import { norm } from './norm.ts';

export interface ModalityGap {
  /** Mean of `a` less mean of `b`, `[dim]`. */
  readonly delta: Float64Array;
  /** Length of `delta`, in `[0, 2]`. */
  readonly distance: number;
  /** Between the two means. */
  readonly cosine: number;
}

/**
 * How far apart two modalities lie, Liang et al. 2022 (arXiv:2203.02053). One piece, of some 15 ms for a million
 * numbers.
 *
 * @param a `[n, dim]` unit rows.
 * @param b `[m, dim]` unit rows.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the dimensions differ; `INPUT_INVALID` when the models differ or a value
 *   is not finite.
 */
export function modalityGap(a: Rows, b: Rows): ModalityGap {
  expectOneSpace(a, b, 'modalityGap');
  const meanA = columnMeans(finiteRows(a, 'modalityGap'));
  const meanB = columnMeans(finiteRows(b, 'modalityGap'));
  const delta = meanA.map((value, i) => value - meanB[i]!);
  const product = meanA.reduce((sum, value, i) => sum + value * meanB[i]!, 0);
  return { delta, distance: norm(delta), cosine: product / (norm(meanA) * norm(meanB)) };
}
