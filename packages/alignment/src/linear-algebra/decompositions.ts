import { EigenvalueDecomposition, Matrix as MlMatrix, SingularValueDecomposition } from 'ml-matrix';
import { type Matrix, multiply, transpose } from './matrix.ts';
import { thinQr } from './qr.ts';

/** `a = vectors · diag(values) · vectorsᵀ` of a symmetric matrix, largest value first. */
export function symmetricEigen(a: Matrix): { readonly values: Float64Array; readonly vectors: Matrix } {
  const found = new EigenvalueDecomposition(toMl(a), { assumeSymmetric: true });
  const ascending = found.realEigenvalues;
  const order = ascending.map((_, i) => i).toSorted((i, j) => ascending[j]! - ascending[i]!);
  return {
    values: Float64Array.from(order, (i) => ascending[i]!),
    vectors: fromMl(found.eigenvectorMatrix.subMatrixColumn(order)),
  };
}

/** `a = u · diag(values) · vᵀ` with `min(rows, columns)` values, largest first. */
export function svd(a: Matrix): { readonly u: Matrix; readonly values: Float64Array; readonly v: Matrix } {
  const [rows, columns] = a.shape;
  if (rows < columns) {
    const { u, values, v } = svd(transpose(a));
    return { u: v, values, v: u };
  }
  if (rows > columns) {
    // The triangle is decomposed so much faster than a tall matrix that making it pays.
    const { q, r } = thinQr(a);
    const { u, values, v } = svd(r);
    return { u: multiply(q, u), values, v };
  }
  const found = new SingularValueDecomposition(toMl(a));
  return {
    u: fromMl(found.leftSingularVectors),
    values: Float64Array.from(found.diagonal),
    v: fromMl(found.rightSingularVectors),
  };
}

function toMl({ data, shape: [rows, columns] }: Matrix): MlMatrix {
  return MlMatrix.from1DArray(rows, columns, data);
}

function fromMl(matrix: MlMatrix): Matrix {
  return { data: Float64Array.from(matrix.to1DArray()), shape: [matrix.rows, matrix.columns] };
}
