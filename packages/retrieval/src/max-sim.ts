import {
  EmbeddingError,
  expectMembers,
  type Hit,
  quote,
  type SearchKernel,
  type TokenEmbeddings,
  TopK,
} from '@diptych/core';
import { checkCount, checkSpace } from './check-rows.ts';
import { dotFloat32 } from './kernels/dot-float32.ts';
import { dotInt8 } from './kernels/dot-int8.ts';
import { checkTokenRows, itemRows, type TokenPrecision } from './token-rows.ts';

export interface MaxSimOptions<P extends TokenPrecision = 'float32'> {
  /** Default: plain JavaScript; sums of float32 are in double precision. */
  readonly kernel?: SearchKernel<P> | undefined;
}

export interface MaxSimSearchOptions {
  /** Documents for which it is false are passed over, and not compared. */
  readonly allow?: ((document: number) => boolean) | undefined;
  /** For each query the documents to compare, as another search has found them. Default all. */
  readonly among?: readonly (readonly Pick<Hit, 'row'>[])[] | undefined;
}

/** For every query its best `k` documents, or all if there are fewer; `row` counts documents. Of equal scores the earlier one. */
export type MaxSimSearcher<P extends TokenPrecision = 'float32'> = (
  queries: TokenEmbeddings<P>,
  k: number,
  options?: MaxSimSearchOptions,
) => Hit[][];

/**
 * Scores of late interaction, Khattab and Zaharia 2020, arXiv:2004.12832: the sum over a query's tokens of their largest dot
 * product with any token of the document.
 *
 * @returns Row-major `[queries, documents]`.
 * @throws {EmbeddingError} as `maxSimSearch`.
 */
export function maxSim<P extends TokenPrecision = 'float32'>(
  queries: TokenEmbeddings<P>,
  documents: TokenEmbeddings<P>,
  options: MaxSimOptions<P> = {},
): Float64Array {
  const score = scorer('maxSim', documents, options);
  const count = documents.offsets.length - 1;
  return Float64Array.from(score(queries).flatMap((one) => Array.from({ length: count }, (_, i) => one(i))));
}

/**
 * Documents by `maxSim`. In two stages it compares what a search by one vector of each text has found:
 * `search(tokens, 10, { among: first(vectors, 100) })`.
 *
 * @param documents Kept, not copied: they must not change.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` for malformed rows; of the search too for queries of another
 *   model, dimension or precision, and for `among` that is not a list of documents for each.
 */
export function maxSimSearch<P extends TokenPrecision = 'float32'>(
  documents: TokenEmbeddings<P>,
  options: MaxSimOptions<P> = {},
): MaxSimSearcher<P> {
  const score = scorer('maxSimSearch', documents, options);
  const count = documents.offsets.length - 1;
  return (queries, k, { allow, among } = {}) => {
    const scores = score(queries);
    checkCount('maxSimSearch: k', k);
    if (among !== undefined) checkAmong(among, scores.length, count);
    return scores.map((one, q) => {
      const best = new TopK(k);
      const offer = (row: number) => {
        if (!allow || allow(row)) best.add(row, one(row));
      };
      const found = among?.[q];
      if (found) for (const { row } of found) offer(row);
      else for (let row = 0; row < count; row++) offer(row);
      return best.hits();
    });
  };
}

const plain: { readonly [P in TokenPrecision]: SearchKernel<P> } = { float32: dotFloat32, int8: dotInt8 };

/** The score of a document, of each query. */
type Scorer<P extends TokenPrecision> = (queries: TokenEmbeddings<P>) => ((document: number) => number)[];

function scorer<P extends TokenPrecision>(
  where: string,
  documents: TokenEmbeddings<P>,
  options: MaxSimOptions<P>,
): Scorer<P> {
  expectMembers(options, `${where}: options`);
  checkTokenRows(where, documents);
  const { offsets, scales, precision, model } = documents;
  const prepare = (options.kernel ?? plain[precision])(documents);
  return (queries) => {
    checkSpace(where, queries, { dim: documents.shape[1], model });
    checkTokenRows(where, queries);
    if (queries.precision !== precision) {
      throw new EmbeddingError('INPUT_INVALID', { where, expected: `queries in ${precision}`, got: queries.precision });
    }
    return Array.from({ length: queries.offsets.length - 1 }, (_, q) => {
      const query = itemRows(queries, q);
      const products = prepare(query);
      return (document) => {
        const [first, end] = [offsets[document]!, offsets[document + 1]!];
        const out = new Float64Array(query.shape[0] * (end - first));
        products(first, end - first, out);
        return sumOfLargest(out, scales?.subarray(first, end), query);
      };
    });
  };
}

/** @param products `[tokens of the query, tokens of the document]`; of `int8`, whose `scales` these are of the document's. */
function sumOfLargest(
  products: Float64Array,
  scales: Float32Array | undefined,
  { shape: [tokens], scales: own }: TokenEmbeddings<TokenPrecision>,
): number {
  const count = products.length / tokens;
  let sum = 0;
  for (let token = 0; token < tokens; token++) {
    let largest = -Infinity;
    for (let i = 0; i < count; i++) {
      const product = products[token * count + i]!;
      largest = Math.max(largest, scales ? product * scales[i]! : product);
    }
    sum += own ? largest * own[token]! : largest;
  }
  return sum;
}

function checkAmong(among: MaxSimSearchOptions['among'], queries: number, documents: number): void {
  const isDocument = (hit: unknown) => {
    const { row } = expectMembers(hit as Pick<Hit, 'row'>, 'maxSimSearch: among', 'row');
    return Number.isSafeInteger(row) && row >= 0 && row < documents;
  };
  const lists: readonly unknown[] = Array.isArray(among) ? among : [];
  if (lists.length === queries && lists.every((list) => Array.isArray(list) && list.every(isDocument))) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'maxSimSearch: among',
    expected: `a list of documents below ${documents} for each of ${queries} queries`,
    got: quote(among),
  });
}
