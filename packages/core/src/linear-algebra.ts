import type { Steps } from './steps.ts';

/** Numbers in rows, in double precision, row-major. */
export interface DoubleMatrix {
  readonly data: Float64Array;
  readonly shape: readonly [rows: number, columns: number];
}

/**
 * What takes the time in linear algebra, in double precision: the place where a faster implementation, such as SIMD in
 * WebAssembly, is passed in. Arguments stay as they are, results are new. All are in pieces, for `inTurns`; those of several
 * computations may be mixed.
 */
export interface LinearAlgebra {
  /** `a · b`, where one of them may be transposed first. */
  multiply(a: DoubleMatrix, b: DoubleMatrix, transposed?: 'a' | 'b'): Steps<DoubleMatrix>;
  /** `aᵀ · a`, exactly symmetric. */
  gram(a: DoubleMatrix): Steps<DoubleMatrix>;
  /**
   * The lower triangle `l` of `a = l · lᵀ`, zeros above it. Only the lower triangle of `a` is read.
   *
   * @throws {EmbeddingError} `INPUT_INVALID` when `a` is not positive definite.
   */
  cholesky(a: DoubleMatrix): Steps<DoubleMatrix>;
  /** `l⁻¹ · b` of a lower triangle, or `l⁻ᵀ · b`. */
  solveLower(l: DoubleMatrix, b: DoubleMatrix, transposed?: 'transposed'): Steps<DoubleMatrix>;
  /** `a = vectors · diag(values) · vectorsᵀ` of a symmetric matrix, largest value first. */
  symmetricEigen(a: DoubleMatrix): Steps<Eigen>;
}

export interface Eigen {
  readonly values: Float64Array;
  /** In columns. */
  readonly vectors: DoubleMatrix;
}
