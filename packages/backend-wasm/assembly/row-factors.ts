import { larger, loadFirst, maximum } from './lanes';

/**
 * A factor for each of the `k` rows of weights, whose number `(i, j)` lies at `from + i * row + j * column`. Weights are
 * divided by it before they are rounded and activations multiplied, so that a row of small weights keeps its digits and
 * a large activation shrinks where its weights can grow: half way each, as Xiao et al. 2022, arXiv:2211.10438, with the
 * largest weights alone, for no data are needed then. Powers of two make it exact. Rows `channels` apart have one factor: a filter
 * meets the same numbers with each of them.
 */
export function rowFactors(from: usize, row: usize, column: usize, to: usize, k: i32, n: i32, channels: i32): void {
  memory.fill(to, 0, <usize>((k + 3) & ~3) << 2);
  if (row == 4) largestAcross(from, column, to, k, n);
  else largestAlong(from, row, column, to, k, n);
  let largest: f32 = 0;
  for (let i = 0; i < k; i++) {
    const own = load<f32>(to + (<usize>i << 2));
    const at = to + (<usize>(i % channels) << 2);
    store<f32>(at, max(load<f32>(at), own));
    largest = max(largest, own);
  }
  // The first ones last: they are read until then.
  for (let i = k - 1; i >= 0; i--) {
    store<f32>(to + (<usize>i << 2), factorOf(load<f32>(to + (<usize>(i % channels) << 2)) / largest));
  }
}

/** The power of two nearest to the square root of `share`, by its logarithm; 1 for no number between 0 and infinity. */
function factorOf(share: f32): f32 {
  if (!(share > 0 && share < Infinity)) return 1;
  // Of 1.f * 2^e half the logarithm is above e / 2 + 1 / 4 from a fraction of √2 on.
  const bits = reinterpret<u32>(share);
  const quarters = 2 * (<i32>(bits >> 23) - 127) + i32((bits & 0x7fffff) >= 0x3504f3);
  return reinterpret<f32>(<u32>(((quarters + 2) >> 2) + 127) << 23);
}

function largestAcross(from: usize, column: usize, to: usize, k: i32, n: i32): void {
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < k; i += 4) {
      const at = to + (<usize>i << 2);
      v128.store(at, larger(v128.load(at), loadFirst(from + (<usize>i << 2), k - i, f32x4.splat(0))));
    }
    from += column;
  }
}

function largestAlong(from: usize, row: usize, column: usize, to: usize, k: i32, n: i32): void {
  for (let i = 0; i < k; i++) {
    let largest = f32x4.splat(0);
    for (let j = 0; j < n; j += 4) {
      const at = from + <usize>j * column;
      largest = larger(largest, loadFirst(at, n - j, f32x4.splat(0)));
    }
    store<f32>(to + (<usize>i << 2), maximum(largest));
    from += row;
  }
}
