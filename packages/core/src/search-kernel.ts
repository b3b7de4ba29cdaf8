import type { Embeddings } from './embeddings.ts';

/** Precisions whose rows are multiplied as they are stored. */
export type SearchPrecision = 'float32' | 'int8' | 'ubinary';

/**
 * Lays rows out, once, to be multiplied with queries: the place where a faster implementation, such as SIMD in
 * WebAssembly, is passed in. The rows are not changed as long as the result is used.
 */
export type SearchKernel<P extends SearchPrecision> = (rows: Embeddings<P>) => SearchQueries<P>;

/** Lays queries out, `[n, dim]` with the dimension of the rows. They are not changed as long as the result is used. */
export type SearchQueries<P extends SearchPrecision> = (queries: Embeddings<P>) => SearchProducts;

/**
 * Sets `out[q * count + i]` to the product of query `q` and row `first + i`: the dot product of components, of `int8`
 * steps without their scale, or of signs (`dim - 2 * hamming`).
 */
export type SearchProducts = (first: number, count: number, out: Float64Array) => void;

/** A kernel for each precision. */
export type SearchKernels = { readonly [P in SearchPrecision]: SearchKernel<P> };
