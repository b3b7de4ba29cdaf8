import { type Embeddings, inverseNorms, type SearchKernel, TopK } from '@diptych/core';
import { checkCount, checkRows, checkSpace } from './check-rows.ts';
import { dotFloat32 } from './kernels/dot-float32.ts';
import { type Metric, scoresOf } from './scores.ts';
import type { SearchOptions, Searcher } from './searcher.ts';

export interface RerankOptions {
  /** Rows of the first stage that are compared exactly; never fewer than `k`. */
  readonly rerank?: number | undefined;
  /** Default `cosine`. */
  readonly metric?: Metric | undefined;
  /** Exact comparison. Default: plain JavaScript, summed in double precision. */
  readonly exact?: SearchKernel<'float32'> | undefined;
}

/** Finds candidates by less than all bits: the best `count` of each query in any order. */
export type Candidates = (queries: Embeddings, count: number, options: SearchOptions) => readonly TopK[];

/** Two stages: candidates, and among them the best by the full rows. Scores are exact, a row may be missed. */
export function rerankedSearch(
  rows: Embeddings,
  candidates: Candidates,
  { rerank, metric = 'cosine', exact = dotFloat32 }: RerankOptions & { readonly rerank: number },
): Searcher {
  checkCount('rerank', rerank);
  const { shape, model } = rows;
  const prepare = exact(rows);
  const weights = metric === 'cosine' ? inverseNorms(rows) : undefined;
  const out = new Float64Array(1);
  return (queries, k, options = {}) => {
    checkSpace('search', queries, { dim: shape[1], model });
    checkRows('search', queries);
    checkCount('search: k', k);
    const best = candidates(queries, Math.max(k, rerank), options).map((found, q) => {
      const top = new TopK(k);
      const products = prepare(queryAt(queries, q));
      for (const { row } of found.hits()) {
        products(row, 1, out);
        top.add(row, out[0]! * (weights ? weights[row]! : 1));
      }
      return top;
    });
    return scoresOf(metric, queries, best);
  };
}

function queryAt({ data, shape: [, dim], ...rest }: Embeddings, q: number): Embeddings {
  return { ...rest, data: data.subarray(q * dim, (q + 1) * dim), shape: [1, dim] };
}
