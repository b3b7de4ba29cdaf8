import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
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

function toMl({ data, shape: [rows, columns] }: Matrix): MlMatrix {
  return MlMatrix.from1DArray(rows, columns, data);
}

function fromMl(matrix: MlMatrix): Matrix {
  return { data: Float64Array.from(matrix.to1DArray()), shape: [matrix.rows, matrix.columns] };
}
