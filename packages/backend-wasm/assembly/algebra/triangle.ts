import { addTimes, dot, scale } from './vectors';

/**
 * Columns `first` to before `end` of the lower triangle `l` of `a = l · lᵀ`, in place of those of `a` `[n, n]`, from which the
 * columns before them are subtracted already. Gives -1, or the place of the first pivot that is not above 0.
 */
export function cholesky(a: usize, n: i32, first: i32, end: i32): i32 {
  const row = <usize>n << 3;
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
  return -1;
}

/** Rows `first` to before `end` of `l⁻¹ · b` of a lower triangle `[n, n]`, the rows before them subtracted from `b` `[n, m]`. */
export function solveLower(l: usize, n: i32, b: usize, m: i32, first: i32, end: i32): void {
  const row = <usize>n << 3;
  const bRow = <usize>m << 3;
  for (let i = first; i < end; i++) {
    const to = b + <usize>i * bRow;
    for (let p = first; p < i; p++) addTimes(-load<f64>(l + <usize>i * row + (<usize>p << 3)), b + <usize>p * bRow, to, m);
    scale(1 / load<f64>(l + <usize>i * row + (<usize>i << 3)), to, m);
  }
}

/** The same of `l⁻ᵀ · b`, the rows after them subtracted. */
export function solveLowerTransposed(l: usize, n: i32, b: usize, m: i32, first: i32, end: i32): void {
  const row = <usize>n << 3;
  const bRow = <usize>m << 3;
  for (let i = end - 1; i >= first; i--) {
    const to = b + <usize>i * bRow;
    for (let p = i + 1; p < end; p++) addTimes(-load<f64>(l + <usize>p * row + (<usize>i << 3)), b + <usize>p * bRow, to, m);
    scale(1 / load<f64>(l + <usize>i * row + (<usize>i << 3)), to, m);
  }
}
