import { type DoubleMatrix, EmbeddingError, type LinearAlgebra } from '@diptych/core';
import type { AlgebraExports } from './exports.ts';
import type { Workspace } from './workspace.ts';

/** The functions over matrices that are copied in and out. */
export function matricesIn(kernels: AlgebraExports, space: Workspace): LinearAlgebra {
  const bytesOf = ({ data }: DoubleMatrix) => data.byteLength;
  const put = (place: number, { data }: DoubleMatrix) => space.at(place, data.length).set(data);
  const take = (place: number, shape: readonly [number, number]): DoubleMatrix => {
    return { data: space.at(place, shape[0] * shape[1]).slice(), shape };
  };
  return {
    multiply(a, b, transposed) {
      const [m, k] = transposed === 'a' ? [a.shape[1], a.shape[0]] : a.shape;
      const [inner, n] = transposed === 'b' ? [b.shape[1], b.shape[0]] : b.shape;
      if (inner !== k) {
        throw new EmbeddingError('SHAPE_MISMATCH', `product: expected a factor of ${k} rows, got ${inner}`);
      }
      const sizes = [bytesOf(a), bytesOf(b), 8 * m * n, kernels.productBytes(n)] as const;
      const [left, right, to, scratch] = space.room(...sizes) as [number, number, number, number];
      put(left, a);
      put(right, b);
      const [aRow, aColumn] = strides(a, transposed === 'a');
      const [bRow, bColumn] = strides(b, transposed === 'b');
      kernels.product(0, left, aRow, aColumn, right, bRow, bColumn, to, 8 * n, m, k, n, false, scratch);
      return take(to, [m, n]);
    },

    gram(a) {
      const [k, n] = a.shape;
      const [from, to, scratch] = space.room(bytesOf(a), 8 * n * n, kernels.productBytes(n)) as [
        number,
        number,
        number,
      ];
      put(from, a);
      kernels.product(0, from, 8, 8 * n, from, 8 * n, 8, to, 8 * n, n, k, n, true, scratch);
      return mirrored(take(to, [n, n]));
    },

    cholesky(a) {
      const n = a.shape[0];
      const [place, scratch] = space.room(bytesOf(a), kernels.productBytes(n)) as [number, number];
      put(place, a);
      const bad = kernels.cholesky(place, n, scratch);
      if (bad >= 0) {
        const message = `expected a positive definite matrix, got none above 0 for pivot ${bad} of ${n}`;
        throw new EmbeddingError('INPUT_INVALID', message);
      }
      const l = take(place, [n, n]);
      for (let i = 0; i < n; i++) l.data.fill(0, i * n + i + 1, (i + 1) * n);
      return l;
    },

    solveLower(l, b, transposed) {
      const [n, m] = b.shape;
      const [triangle, place, scratch] = space.room(bytesOf(l), bytesOf(b), kernels.productBytes(m)) as [
        number,
        number,
        number,
      ];
      put(triangle, l);
      put(place, b);
      if (transposed) kernels.solveLowerTransposed(triangle, n, place, m, scratch);
      else kernels.solveLower(triangle, n, place, m, scratch);
      return take(place, b.shape);
    },

    symmetricEigen(a) {
      const n = a.shape[0];
      const square = 8 * n * n;
      const sizes = [square, square, square, 8 * n, kernels.eigenBytes(n), kernels.productBytes(n)] as const;
      const places = space.room(...sizes) as [number, number, number, number, number, number];
      const [from, vectors, v, values, room, scratch] = places;
      const largest = largestOf(a.data);
      if (!Number.isFinite(largest)) {
        throw new EmbeddingError('INPUT_INVALID', `eigenvalues: expected finite numbers, got up to ${largest}`);
      }
      // A power of two changes no digit, and keeps squares in range.
      const unit = largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
      const scaled = space.at(from, n * n);
      for (let i = 0; i < scaled.length; i++) scaled[i] = a.data[i]! / unit;
      space.at(v, n * n).fill(0);
      const identity = space.at(vectors, n * n).fill(0);
      for (let i = 0; i < n; i++) identity[i * n + i] = 1;
      if (n > 0 && !kernels.eigen(from, n, values, vectors, v, room, scratch)) {
        throw new EmbeddingError('INPUT_INVALID', 'eigenvalues: no convergence');
      }
      return sorted(space.at(values, n), space.at(vectors, n * n), unit);
    },
  };
}

function strides({ shape: [, columns] }: DoubleMatrix, transposed: boolean): readonly [row: number, column: number] {
  return transposed ? [8, 8 * columns] : [8 * columns, 8];
}

/** What lies below the diagonal above it too. */
function mirrored(a: DoubleMatrix): DoubleMatrix {
  const n = a.shape[0];
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a.data[j * n + i] = a.data[i * n + j]!;
  return a;
}

function largestOf(data: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]!));
  return largest;
}

/** Vectors in the rows of `rows` as columns, largest value first. */
function sorted(values: Float64Array, rows: Float64Array, unit: number) {
  const n = values.length;
  const order = Array.from(values, (_, i) => i).toSorted((i, j) => values[j]! - values[i]!);
  const vectors: DoubleMatrix = { data: new Float64Array(n * n), shape: [n, n] };
  for (const [column, row] of order.entries()) {
    for (let k = 0; k < n; k++) vectors.data[k * n + column] = rows[row * n + k]!;
  }
  return { values: Float64Array.from(order, (i) => unit * values[i]!), vectors };
}
