import { type Embeddings, expectMembers, inverseNorms, type SearchKernel } from '@diptych/core';
import { checkRows } from './check-rows.ts';
import { centredSigns } from './kernels/centred-signs.ts';
import { dotSigns } from './kernels/dot-signs.ts';
import { rerankedSearch, type RerankOptions } from './reranked-search.ts';
import { scan } from './scan.ts';
import type { Searcher } from './searcher.ts';

export interface SignOptions extends RerankOptions {
  /** Default: plain JavaScript. */
  readonly kernel?: SearchKernel<'ubinary'> | undefined;
}

/** What of the first stage is compared exactly of few rows. */
const fewest = 300;

/**
 * Compares queries with the signs of what rows have beyond their mean, then the best `rerank` exactly.
 *
 * @param rows `[n, dim]`, kept, not copied: they must not change. One bit more per component is added.
 * @param options `rerank` is a fortieth of the rows, but at least 300, unless given: of rows that lie in no clusters so many
 *   hold 95 of 100 of the best 10, where 200 of 100,000 hold 73.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` for malformed rows.
 */
export function signSearch(rows: Embeddings, given: SignOptions = {}): Searcher {
  expectMembers(given, 'signSearch: options');
  const { kernel = dotSigns, ...options } = given;
  checkRows('signSearch', rows);
  const prepare = centredSigns(rows, kernel);
  const weights = options.metric === 'dot' ? undefined : inverseNorms(rows);
  return rerankedSearch(
    rows,
    (queries, k, { allow }) => scan(prepare(queries), rows.shape[0], queries.shape[0], { k, weights, allow }),
    { ...options, rerank: options.rerank ?? Math.max(fewest, Math.ceil(rows.shape[0] / 40)) },
  );
}
