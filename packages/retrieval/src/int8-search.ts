import { type Embeddings, expectMembers, inverseNorms, quantize, type SearchKernel } from '@diptych/core';
import { checkRows } from './check-rows.ts';
import { dotInt8 } from './kernels/dot-int8.ts';
import { rerankedSearch, type RerankOptions } from './reranked-search.ts';
import { scan } from './scan.ts';
import type { Searcher } from './searcher.ts';

export interface Int8Options extends RerankOptions {
  /** Default: plain JavaScript. */
  readonly kernel?: SearchKernel<'int8'> | undefined;
}

/**
 * Compares queries and rows in 8 bits, then the best `rerank` exactly.
 *
 * @param rows `[n, dim]`, kept, not copied: they must not change. The kernel adds 4 bytes for a component.
 * @param options `rerank` is 50 unless given.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` for malformed rows.
 */
export function int8Search(rows: Embeddings, given: Int8Options = {}): Searcher {
  expectMembers(given, 'int8Search: options');
  const { kernel = dotInt8, rerank = 50, ...options } = given;
  checkRows('int8Search', rows);
  const { scales, ...steps } = quantize(rows, 'int8');
  const prepare = kernel({ ...steps, scales: scales! });
  const norms = options.metric === 'dot' ? undefined : inverseNorms(rows);
  const weights = Float64Array.from(scales!, (scale, row) => scale * (norms ? norms[row]! : 1));
  return rerankedSearch(
    rows,
    (queries, k, { allow }) =>
      scan(prepare(quantize(queries, 'int8')), rows.shape[0], queries.shape[0], { k, weights, allow }),
    { ...options, rerank },
  );
}
