import { type DoubleMatrix, EmbeddingError, type LinearAlgebra, type Steps } from '@diptych/core';
import { eigenUnit } from '@diptych/core/eigen';
import { eigenBytes, eigenPieces } from './eigen-pieces.ts';
import type { AlgebraExports } from './exports.ts';
import { type Place, productPieces } from './product-pieces.ts';
import { choleskyPieces, solvePieces } from './triangle-pieces.ts';
import type { Workspace } from './workspace.ts';

/** The functions over matrices that are copied in and out. */
export function matricesIn(kernels: AlgebraExports, space: Workspace): LinearAlgebra {
  const bytesOf = ({ data }: DoubleMatrix) => data.byteLength;
  const put = (place: number, { data }: DoubleMatrix) => space.at(place, data.length).set(data);
  const take = (place: number, shape: readonly [number, number]): DoubleMatrix => {
    return { data: space.at(place, shape[0] * shape[1]).slice(), shape };
  };

  /** What is computed at places of these sizes, which are its own until the end. */
  function* within<T, const Sizes extends readonly number[]>(
    sizes: Sizes,
    compute: (places: { [Key in keyof Sizes]: number }) => Steps<T>,
  ): Steps<T> {
    const { places, free } = space.hold(...sizes);
    try {
      return yield* compute(places as { [Key in keyof Sizes]: number });
    } finally {
      free();
    }
  }

  return {
    *multiply(a, b, transposed) {
      const [m, k] = transposed === 'a' ? [a.shape[1], a.shape[0]] : a.shape;
      const [inner, n] = transposed === 'b' ? [b.shape[1], b.shape[0]] : b.shape;
      if (inner !== k) {
        throw new EmbeddingError('SHAPE_MISMATCH', { where: 'product', expected: `a factor of ${k} rows`, got: inner });
      }
      const sizes = [bytesOf(a), bytesOf(b), 8 * m * n, kernels.productBytes(n)] as const;
      return yield* within(sizes, function* ([left, right, to, scratch]) {
        put(left, a);
        put(right, b);
        const factors = [placed(left, a, transposed === 'a'), placed(right, b, transposed === 'b')] as const;
        yield* productPieces(kernels, [...factors, { at: to, row: 8 * n, column: 8 }], { m, k, n, scratch });
        return take(to, [m, n]);
      });
    },

    *gram(a) {
      const [k, n] = a.shape;
      return yield* within([bytesOf(a), 8 * n * n, kernels.productBytes(n)], function* ([from, to, scratch]) {
        put(from, a);
        const places = [placed(from, a, true), placed(from, a), { at: to, row: 8 * n, column: 8 }] as const;
        yield* productPieces(kernels, places, { m: n, k, n, lower: true, scratch });
        return mirrored(take(to, [n, n]));
      });
    },

    *cholesky(a) {
      const n = a.shape[0];
      return yield* within([bytesOf(a), kernels.productBytes(n)], function* ([place, scratch]) {
        put(place, a);
        const bad = yield* choleskyPieces(kernels, place, n, scratch);
        if (bad >= 0) {
          const got = `none above 0 for pivot ${bad} of ${n}`;
          throw new EmbeddingError('INPUT_INVALID', { where: 'cholesky', expected: 'a positive definite matrix', got });
        }
        const l = take(place, [n, n]);
        for (let i = 0; i < n; i++) l.data.fill(0, i * n + i + 1, (i + 1) * n);
        return l;
      });
    },

    *solveLower(l, b, transposed) {
      const [n, m] = b.shape;
      return yield* within([bytesOf(l), bytesOf(b), kernels.productBytes(m)], function* ([triangle, place, scratch]) {
        put(triangle, l);
        put(place, b);
        yield* solvePieces(kernels, [triangle, place], { n, m, transposed: transposed !== undefined, scratch });
        return take(place, b.shape);
      });
    },

    *symmetricEigen(a) {
      const n = a.shape[0];
      const unit = eigenUnit(largestOf(a.data));
      const square = 8 * n * n;
      const room = eigenBytes(kernels, n);
      const sizes = [square, square, square, 8 * n, room, kernels.productBytes(n)] as const;
      return yield* within(sizes, function* ([from, vectors, v, values, between, scratch]) {
        const scaled = space.at(from, n * n);
        for (let i = 0; i < scaled.length; i++) scaled[i] = a.data[i]! / unit;
        space.at(v, n * n).fill(0);
        space.at(between, room >> 3).fill(0);
        const identity = space.at(vectors, n * n).fill(0);
        for (let i = 0; i < n; i++) identity[i * n + i] = 1;
        yield* eigenPieces(kernels, { n, a: from, values, vectors, v, room: between, scratch });
        return sorted(space.at(values, n), space.at(vectors, n * n), unit);
      });
    },
  };
}

/** A matrix at its place, or its transpose. */
function placed(at: number, { shape: [, columns] }: DoubleMatrix, transposed = false): Place {
  const row = 8 * columns;
  return transposed ? { at, row: 8, column: row } : { at, row, column: 8 };
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
