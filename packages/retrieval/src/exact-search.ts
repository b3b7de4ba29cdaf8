import { type Embeddings, expectMembers, inverseNorms, type SearchKernel } from '@diptych/core';
import { checkCount, checkRows, checkSpace } from './check-rows.ts';
import { dotFloat32 } from './kernels/dot-float32.ts';
import { scan } from './scan.ts';
import { type Metric, scoresOf } from './scores.ts';
import type { Searcher } from './searcher.ts';

export interface ExactOptions {
  /** Default `cosine`: rows need not be of unit length, and a zero row scores 0. */
  readonly metric?: Metric | undefined;
  /** Default: plain JavaScript, summed in double precision. */
  readonly kernel?: SearchKernel<'float32'> | undefined;
}

/**
 * Compares a query with every row.
 *
 * @param rows `[n, dim]`, kept, not copied: they must not change.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` for malformed rows.
 */
export function exactSearch(rows: Embeddings, options: ExactOptions = {}): Searcher {
  expectMembers(options, 'exactSearch: options');
  const { metric = 'cosine', kernel = dotFloat32 } = options;
  checkRows('exactSearch', rows);
  const [n, dim] = rows.shape;
  const prepare = kernel(rows);
  const weights = metric === 'cosine' ? inverseNorms(rows) : undefined;
  return (queries, k, { allow } = {}) => {
    checkSpace('exactSearch', queries, { dim, model: rows.model });
    checkRows('exactSearch', queries);
    checkCount('exactSearch: k', k);
    return scoresOf(metric, queries, scan(prepare(queries), n, queries.shape[0], { k, weights, allow }));
  };
}
