import { type Matrix, scaleColumns } from '../linear-algebra/matrix.ts';

/** 1 or -1 for every column, so that its entry of largest magnitude becomes positive. */
export function columnSigns({ data, shape: [rows, columns] }: Matrix): Float64Array {
  return Float64Array.from({ length: columns }, (_, column) => {
    let largest = 0;
    for (let row = 0; row < rows; row++) {
      const value = data[row * columns + column]!;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    return largest < 0 ? -1 : 1;
  });
}

/** The first with its largest entries positive, the others flipped with it. */
export function withSigns<M extends readonly [Matrix, ...Matrix[]]>(...matrices: M): M {
  const signs = columnSigns(matrices[0]);
  const signed: readonly Matrix[] = matrices.map((matrix) => scaleColumns(matrix, signs));
  return signed as M;
}
