import { EigenvalueDecomposition, Matrix as MlMatrix, SingularValueDecomposition } from 'ml-matrix';
import type { Matrix } from './matrix.ts';

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
  const found = new SingularValueDecomposition(toMl(a), { autoTranspose: true });
  const count = Math.min(...a.shape);
  const leading = (vectors: MlMatrix) => fromMl(vectors.subMatrix(0, vectors.rows - 1, 0, count - 1));
  return {
    u: leading(found.leftSingularVectors),
    values: Float64Array.from(found.diagonal.slice(0, count)),
    v: leading(found.rightSingularVectors),
  };
}

function toMl({ data, shape: [rows, columns] }: Matrix): MlMatrix {
  return MlMatrix.from1DArray(rows, columns, data);
}

function fromMl(matrix: MlMatrix): Matrix {
  return { data: Float64Array.from(matrix.to1DArray()), shape: [matrix.rows, matrix.columns] };
}
