import type { Embeddings } from '@diptych/core';

/** Precisions whose rows are multiplied as they are stored. */
export type KernelPrecision = 'float32' | 'int8' | 'ubinary';

/**
 * Lays rows out for `Products`, once: the place where a faster implementation, such as SIMD in WebAssembly, is passed in.
 * The rows are not changed as long as the kernel is used.
 */
export type Kernel<P extends KernelPrecision> = (rows: Embeddings<P>) => Products<P>;

/**
 * Sets `out[q * count + i]` to the product of query `q` and row `first + i`: the dot product of components, of `int8`
 * steps without their scale, or of signs (`dim - 2 * hamming`).
 */
export type Products<P extends KernelPrecision> = (
  queries: Embeddings<P>,
  first: number,
  count: number,
  out: Float64Array,
) => void;
