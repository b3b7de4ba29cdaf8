/**
 * Lays documents `[m, dim]` out, once, to be multiplied with queries: the place where a faster implementation, such as SIMD
 * in WebAssembly, is passed in. Sums are in single precision, in one order wherever a pair stands: equal rows get equal
 * products.
 */
export type ScoreKernel = (documents: Float32Array, dim: number) => ScoreProducts;

/** Products of queries `[n, dim]` with the documents from `first` to before `end`, `[n, end - first]`, in memory that the next call changes. */
export type ScoreProducts = (queries: Float32Array, first: number, end: number) => Float32Array;
