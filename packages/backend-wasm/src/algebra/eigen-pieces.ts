import { EmbeddingError, type Steps } from '@diptych/core';
import type { AlgebraExports } from './exports.ts';
import { piece, type Place, productPieces } from './product-pieces.ts';

/** Reflections that are joined to products of matrices. */
const block = 32;

/** Places of a matrix `a` `[n, n]`, which is lost, and of what is made of it. */
export interface EigenPlaces {
  readonly n: number;
  readonly a: number;
  readonly values: number;
  /** `[n, n]`, the identity before; the vectors are in its rows then. */
  readonly vectors: number;
  /** `[n, n]`, zeros before, for reflections. */
  readonly v: number;
  /** `eigenBytes`, zeros before. */
  readonly room: number;
  /** Of a product with `n` columns. */
  readonly scratch: number;
}

/** Bytes of what is between. */
export function eigenBytes(kernels: AlgebraExports, n: number): number {
  return 8 * (4 * n + 2 * block * n + block * block) + kernels.rotationBytes(n);
}

/** @throws {EmbeddingError} `INPUT_INVALID` when it does not converge. */
export function* eigenPieces(kernels: AlgebraExports, places: EigenPlaces): Steps<void> {
  const { n, a, values, vectors, v, room } = places;
  const [e, taus, w, blocks] = [room, room + 8 * n, room + 16 * n, room + 32 * n] as const;
  for (let k = 0, end = 0; k < n; k = end) {
    end = Math.min(n, k + Math.max(1, Math.floor(piece / 8 / (n - k) ** 2)));
    kernels.tridiagonalize(a, n, values, e, v, taus, w, k, end);
    yield undefined;
  }
  yield* reflections(kernels, places, { taus, blocks });
  const rotations = blocks + 8 * (2 * block * n + block * block);
  const width = Math.max(8, Math.floor(piece / (32 * n) / 32) * 8);
  for (let more = 1; more > 0;) {
    more = kernels.sweep(values, e, n, rotations);
    if (more < 0)
      throw new EmbeddingError('INPUT_INVALID', { where: 'eigenvalues', expected: 'convergence', got: 'none' });
    for (let column = 0; column < n; column += width) {
      kernels.rotate(n, vectors, rotations, column, Math.min(n, column + width));
      yield undefined;
    }
  }
}

/** All reflections of `v`, on the rows of `vectors`. */
function* reflections(
  kernels: AlgebraExports,
  { n, v, vectors, scratch }: EigenPlaces,
  { taus, blocks }: { readonly taus: number; readonly blocks: number },
): Steps<void> {
  const row = 8 * n;
  const triangle: Place = { at: blocks, row: 8, column: 8 * block };
  const left: Place = { at: blocks + 8 * block * block, row: 8 * block, column: 8 };
  const right: Place = { ...left, at: left.at + row * block };
  for (let first = Math.floor((n - 2) / block) * block; first >= 0; first -= block) {
    const size = Math.min(block, n - 1 - first);
    const rest = n - first - 1;
    const own: Place = { at: v + first * row + 8 * (first + 1), row, column: 8 };
    const to: Place = { at: vectors + (first + 1) * (row + 8), row, column: 8 };
    kernels.factorsOf(own.at, row, taus + 8 * first, size, rest, triangle.at);
    const across: Place = { at: own.at, row: 8, column: row };
    yield* productPieces(kernels, [to, across, left], { m: rest, k: rest, n: size, scratch });
    yield* productPieces(kernels, [left, triangle, right], { m: rest, k: size, n: size, scratch });
    yield* productPieces(kernels, [right, own, to], { m: rest, k: size, n: rest, how: 'subtract', scratch });
  }
}
