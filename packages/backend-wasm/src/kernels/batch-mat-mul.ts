import { BatchMatMul, type BatchMatMulAttrs, broadcast_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { EmbeddingError } from '@diptych/core';
import { defineKernel, type KernelDefinition } from './runtime.ts';
import { multiply } from './product.ts';

interface MatMul {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo };
  readonly attrs: BatchMatMulAttrs;
}

/**
 * Products of matrices in the last two axes of `a` and `b`, each transposed or not, broadcast over the axes before.
 * Takes the place of tfjs's own, which is a plain loop wherever something is batched or transposed.
 */
export const batchMatMul: KernelDefinition = defineKernel<MatMul>(
  BatchMatMul,
  (runtime, { a, b }, { transposeA, transposeB }) => {
    const { kernels, addressOf } = runtime;
    const left = matrixOf(a, transposeA);
    const right = matrixOf(b, transposeB);
    if (left.columns !== right.rows || a.dtype !== 'float32' || b.dtype !== 'float32') {
      const got = `${a.dtype} [${a.shape}] by ${b.dtype} [${b.shape}], transposed ${transposeA} and ${transposeB}`;
      throw new EmbeddingError('SHAPE_MISMATCH', { where: 'matMul', expected: 'float32 and one inner size', got });
    }
    const [m, k, n] = [left.rows, left.columns, right.columns];
    const outer = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const y = runtime.output([...outer, m, n], 'float32');
    const packedBytes = kernels.packedBytes(k, n) >>> 0;
    const packed = runtime.scratch(packedBytes + kernels.gemmScratchBytes());
    const itemsOfB = itemOffsets(b, outer);
    let last = -1;
    for (const [i, item] of itemOffsets(a, outer).entries()) {
      const from = itemsOfB[i]!;
      if (from !== last) kernels.packColumns(addressOf(b) + from, right.row, right.column, packed, k, n);
      last = from;
      multiply(kernels, packed + packedBytes, {
        a: { at: addressOf(a) + item, row: left.row, column: left.column },
        b: packed,
        to: addressOf(y) + 4 * i * m * n,
        sizes: [m, k, n],
      });
    }
    return y;
  },
);

/** Sizes of a matrix as the product sees it, and bytes from one row and one column to the next. */
function matrixOf({ shape }: TensorInfo, transposed: boolean) {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed
    ? { rows: columns, columns: rows, row: 4, column: 4 * columns }
    : { rows, columns, row: 4 * columns, column: 4 };
}

/** Where the matrix for each place of the `outer` shape begins, in bytes: axes of size 1 are repeated. */
function itemOffsets({ shape }: TensorInfo, outer: readonly number[]): readonly number[] {
  const own = shape.slice(0, -2);
  const padded = [...Array.from({ length: outer.length - own.length }, () => 1), ...own];
  const bytes = 4 * shape.at(-1)! * shape.at(-2)!;
  const strides = util.computeStrides([...padded, 1]);
  return Array.from({ length: util.sizeFromShape([...outer]) }, (_, at) => {
    let rest = at;
    let item = 0;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const size = outer[axis]!;
      if (padded[axis] !== 1) item += (rest % size) * strides[axis]!;
      rest = Math.floor(rest / size);
    }
    return item * bytes;
  });
}
