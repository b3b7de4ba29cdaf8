import { EmbeddingError, type Embeddings, expectMembers, inverseNorms, type SearchKernel } from '@diptych/core';
import { checkRows } from './check-rows.ts';
import { dotFloat32 } from './kernels/dot-float32.ts';
import { rerankedSearch, type RerankOptions } from './reranked-search.ts';
import { scan } from './scan.ts';
import type { Searcher } from './searcher.ts';

export interface PrefixOptions extends RerankOptions {
  /** Default: plain JavaScript. */
  readonly kernel?: SearchKernel<'float32'> | undefined;
}

/**
 * Compares the first components alone, then the best `rerank` exactly: for models trained so that a prefix of a row is
 * a row of its own (Kusupati et al. 2022, Matryoshka, arXiv:2205.13147).
 *
 * @param rows `[n, dim]`, kept, not copied: they must not change.
 * @param length Components of the first stage, 1 to `dim`.
 * @param options `rerank` is 200 unless given.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` for malformed rows or another length.
 */
export function prefixSearch(rows: Embeddings, length: number, given: PrefixOptions = {}): Searcher {
  expectMembers(given, 'prefixSearch: options');
  const { kernel = dotFloat32, rerank = 200, ...options } = given;
  checkRows('prefixSearch', rows);
  if (!Number.isInteger(length) || length < 1 || length > rows.shape[1]) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'prefixSearch',
      expected: `1 to ${rows.shape[1]} components`,
      got: length,
    });
  }
  const short = prefix(rows, length);
  const prepare = kernel(short);
  const weights = options.metric === 'dot' ? undefined : inverseNorms(short);
  return rerankedSearch(
    rows,
    (queries, k, { allow }) =>
      scan(prepare(prefix(queries, length)), rows.shape[0], queries.shape[0], { k, weights, allow }),
    { ...options, rerank },
  );
}

function prefix({ data, shape: [n, dim], ...rest }: Embeddings, length: number): Embeddings {
  const out = new Float32Array(n * length);
  for (let row = 0; row < n; row++) out.set(data.subarray(row * dim, row * dim + length), row * length);
  return { ...rest, data: out, shape: [n, length] };
}
