import { product, SUBTRACT } from './product';
import { addTimes, dot, scale } from './vectors';

/** Rows at once: nearly all of the work is in the products between blocks. */
const BLOCK: i32 = 64;

/**
 * The lower triangle `l` of `a = l · lᵀ`, in place of that of `a` `[n, n]`; what lies above the diagonal is undefined.
 * Gives -1, or the place of the first pivot that is not above 0.
 */
export function cholesky(a: usize, n: i32, scratch: usize): i32 {
  const row = <usize>n << 3;
  for (let first = 0; first < n; first += BLOCK) {
    const size = min(BLOCK, n - first);
    const end = first + size;
    const corner = a + <usize>first * row + (<usize>first << 3);
    for (let i = first; i < n; i++) {
      const at = a + <usize>i * row + (<usize>first << 3);
      const last = min(i + 1, end) - first;
      for (let j = 0; j < last; j++) {
        const other = corner + <usize>j * row;
        const rest = load<f64>(at + (<usize>j << 3)) - dot(at, other, j);
        const diagonal = first + j == i;
        if (diagonal && !(rest > 0)) return i;
        store<f64>(at + (<usize>j << 3), diagonal ? sqrt(rest) : rest / load<f64>(other + (<usize>j << 3)));
      }
    }
    const below = corner + <usize>size * row;
    product(
      SUBTRACT, below, row, 8, below, 8, row, below + (<usize>size << 3), row, n - end, size, n - end, true, scratch,
    );
  }
  return -1;
}

/** `l⁻¹ · b` of a lower triangle `[n, n]`, in place of `b` `[n, m]`. */
export function solveLower(l: usize, n: i32, b: usize, m: i32, scratch: usize): void {
  const row = <usize>n << 3;
  const bRow = <usize>m << 3;
  for (let first = 0; first < n; first += BLOCK) {
    const end = min(n, first + BLOCK);
    const at = b + <usize>first * bRow;
    product(SUBTRACT, l + <usize>first * row, row, 8, b, bRow, 8, at, bRow, end - first, first, m, false, scratch);
    for (let i = first; i < end; i++) {
      const to = b + <usize>i * bRow;
      for (let p = first; p < i; p++) addTimes(-load<f64>(l + <usize>i * row + (<usize>p << 3)), b + <usize>p * bRow, to, m);
      scale(1 / load<f64>(l + <usize>i * row + (<usize>i << 3)), to, m);
    }
  }
}

/** `l⁻ᵀ · b` of a lower triangle `[n, n]`, in place of `b` `[n, m]`. */
export function solveLowerTransposed(l: usize, n: i32, b: usize, m: i32, scratch: usize): void {
  const row = <usize>n << 3;
  const bRow = <usize>m << 3;
  for (let end = n; end > 0; end -= BLOCK) {
    const first = max(0, end - BLOCK);
    const left = l + <usize>end * row + (<usize>first << 3);
    const at = b + <usize>first * bRow;
    product(SUBTRACT, left, 8, row, b + <usize>end * bRow, bRow, 8, at, bRow, end - first, n - end, m, false, scratch);
    for (let i = end - 1; i >= first; i--) {
      const to = b + <usize>i * bRow;
      for (let p = i + 1; p < end; p++) addTimes(-load<f64>(l + <usize>p * row + (<usize>i << 3)), b + <usize>p * bRow, to, m);
      scale(1 / load<f64>(l + <usize>i * row + (<usize>i << 3)), to, m);
    }
  }
}
