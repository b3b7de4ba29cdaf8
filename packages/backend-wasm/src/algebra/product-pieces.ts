import type { Steps } from '@diptych/core';
import type { AlgebraExports } from './exports.ts';

/** A matrix in memory, whose numbers are so many bytes apart. */
export interface Place {
  readonly at: number;
  readonly row: number;
  readonly column: number;
}

export interface ProductOptions {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Default `set`. */
  readonly how?: 'set' | 'subtract';
  /** Leaves what lies above the diagonal as it is. */
  readonly lower?: boolean;
  readonly scratch: number;
}

/** Multiplications of a piece: some ten milliseconds. */
export const piece: number = 2 ** 26;
/** Of the inner dimension at once: what the kernel packs at once. */
const depth = 256;

/** `c = a · b` or `c -= a · b`, of `a` `[m, k]`. */
export function* productPieces(
  kernels: AlgebraExports,
  [a, b, c]: readonly [Place, Place, Place],
  { m, k, n, how = 'set', lower = false, scratch }: ProductOptions,
): Steps<void> {
  const most = Math.max(depth, Math.floor(piece / (m * n) / depth) * depth);
  const height = Math.max(1, Math.floor(piece / (Math.min(k, most) * n)));
  for (let inner = 0; inner === 0 || inner < k; inner += most) {
    const mode = how === 'subtract' ? 2 : Math.sign(inner);
    const size = Math.min(most, k - inner);
    for (let top = 0; top < m; top += height) {
      const bottom = Math.min(m, top + height);
      const left = { a: a.at + top * a.row + inner * a.column, aRow: a.row, aColumn: a.column };
      const right = { b: b.at + inner * b.row, bRow: b.row, bColumn: b.column };
      const to = { c: c.at + top * c.row, cRow: c.row };
      const sizes = { m: bottom - top, k: size, n: lower ? Math.min(n, bottom) : n, beside: lower ? top : n };
      kernels.product({ how: mode, ...left, ...right, ...to, ...sizes, scratch });
      yield undefined;
    }
  }
}
