import type { Embeddings } from './embeddings.ts';

/** Precisions whose rows are multiplied as they are stored. */
export type SearchPrecision = 'float32' | 'int8' | 'ubinary';

/**
 * Lays rows out, once, to be multiplied with queries: the place where a faster implementation, such as SIMD in
 * WebAssembly, is passed in. The rows are not changed as long as the result is used. Data may end before the shape does:
 * what is missing is zeros, until it is written.
 */
export type SearchKernel<P extends SearchPrecision> = (rows: Embeddings<P>) => SearchQueries<P>;

export interface SearchQueries<P extends SearchPrecision> {
  /** Lays queries out, `[n, dim]` with the dimension of the rows. They are not changed as long as the result is used. */
  (queries: Embeddings<P>): SearchProducts;
  /** Puts rows in the place of those from `first` on. Absent where rows never change. */
  readonly write?: ((first: number, rows: Embeddings<P>) => void) | undefined;
  /**
   * Puts rows of float32 less `mean` in the place of those from `first` on, each in steps of a 127th of its largest
   * component. Of row `i`, `told[4 * i]` is the step, then follow the sum of the squares of the row as it is, of what the
   * steps lack of it less the mean, and of the steps. Absent where `write` takes rows only as they are laid out.
   */
  readonly quantize?: ((first: number, rows: Float32Array, mean: Float32Array, told: Float64Array) => void) | undefined;
  /**
   * The bytes in which rows from `first` on are laid out, as many for each: what was read of them may be written to the room
   * of any rows of this kernel and dimension. It is good until the next call. Absent where rows are not laid out as bytes.
   */
  readonly room?: ((first: number, count: number) => Uint8Array<ArrayBuffer>) | undefined;
}

export interface SearchProducts {
  /**
   * Sets `out[q * count + i]` to the product of query `q` and row `first + i`: the dot product of components, of `int8`
   * steps without their scale, or of signs (`dim - 2 * hamming`).
   */
  (first: number, count: number, out: Float64Array): void;
  /** Sets `out[q * rows.length + i]` to the product of query `q` and row `rows[i]`. */
  readonly gather?: ((rows: Uint32Array, out: Float64Array) => void) | undefined;
}

/** A kernel for each precision. */
export type SearchKernels = { readonly [P in SearchPrecision]: SearchKernel<P> };
