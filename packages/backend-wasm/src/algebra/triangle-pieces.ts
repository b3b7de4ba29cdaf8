import type { Steps } from '@diptych/core';
import type { AlgebraExports } from './exports.ts';
import { type Place, productPieces } from './product-pieces.ts';

/** Rows at once: nearly all of the work is in the products between blocks. */
const block = 64;

/** The lower triangle of `a` `[n, n]` in its place. Gives -1, or the place of the first pivot that is not above 0. */
export function* choleskyPieces(kernels: AlgebraExports, a: number, n: number, scratch: number): Steps<number> {
  const row = 8 * n;
  for (let first = 0; first < n; first += block) {
    const end = Math.min(n, first + block);
    const bad = kernels.cholesky(a, n, first, end);
    if (bad >= 0) return bad;
    const below: Place = { at: a + end * row + 8 * first, row, column: 8 };
    const across: Place = { at: below.at, row: 8, column: row };
    const to: Place = { at: a + end * (row + 8), row, column: 8 };
    const rest = n - end;
    const sizes = { m: rest, k: end - first, n: rest, lower: true };
    yield* productPieces(kernels, [below, across, to], { ...sizes, how: 'subtract', scratch });
  }
  return -1;
}

/** `l⁻¹ · b`, or `l⁻ᵀ · b`, of a lower triangle `[n, n]`, in place of `b` `[n, m]`. */
export function* solvePieces(
  kernels: AlgebraExports,
  [l, b]: readonly [l: number, b: number],
  { n, m, transposed, scratch }: Readonly<Record<'n' | 'm' | 'scratch', number>> & { readonly transposed: boolean },
): Steps<void> {
  const [row, bRow] = [8 * n, 8 * m];
  const rows = (first: number): Place => ({ at: b + first * bRow, row: bRow, column: 8 });
  for (let i = 0; i < n; i += block) {
    const [first, end] = transposed ? [Math.max(0, n - i - block), n - i] : [i, Math.min(n, i + block)];
    const known: Place = transposed
      ? { at: l + end * row + 8 * first, row: 8, column: row }
      : { at: l + first * row, row, column: 8 };
    const sizes = { m: end - first, k: transposed ? n - end : first, n: m };
    const factors = [known, rows(transposed ? end : 0), rows(first)] as const;
    if (i > 0) yield* productPieces(kernels, factors, { ...sizes, how: 'subtract', scratch });
    if (transposed) kernels.solveLowerTransposed(l, n, b, m, first, end);
    else kernels.solveLower(l, n, b, m, first, end);
    yield undefined;
  }
}
