import type { Address } from './tfjs-inside.ts';
import type { KernelExports } from './exports.ts';

/** Where a matrix begins, and bytes from one row and one column to the next. */
export interface Matrix {
  readonly at: Address;
  readonly row: number;
  readonly column: number;
}

/** `to = activation(a · b + bias) + residual`, with `a` `[m, k]` and `b` `[k, n]`. */
export interface Product {
  /** What `b` holds and is multiplied, by the kernels' number; default 0, float32. */
  readonly format?: number;
  readonly a: Matrix;
  /** The right factor, packed. */
  readonly b: Address;
  /** `[m, n]`, row-major. */
  readonly to: Address;
  readonly sizes: readonly [m: number, k: number, n: number];
  readonly bias?: Address;
  readonly activation?: number;
  readonly residual?: Address;
}

/** Computes one product. Every product of matrices goes through here. `scratch` has room for `gemmScratchBytes`. */
export function multiply(kernels: KernelExports, scratch: Address, product: Product): void {
  const { format = 0, a, b, to, bias = 0, activation = 0, residual = 0 } = product;
  const [m, k, n] = product.sizes;
  kernels.gemm(format, a.at, a.row, a.column, b, to, 4 * n, m, k, n, bias, activation, residual, scratch);
}
