/** How a row of samples is resized: the cubic kernel's `a`, else linearly, and whether the kernel widens where samples are lost. */
export interface Resize {
  readonly a?: number;
  readonly antialias: boolean;
  /** The first and the last sample stay at the ends, as `align_corners` has it; else the outer edges of the samples do. */
  readonly aligned?: boolean;
}

/**
 * Weights `[to, from]`, row-major, that resize `from` samples to `to`, at least two where they are aligned: cubic convolution,
 * Keys 1981, on the centres of the samples.
 *
 * Without antialiasing, samples beyond the ends repeat the last one; with it they do not count, and the rest is scaled
 * to sum to 1. These are PyTorch's `interpolate` with `antialias` off and on.
 */
export function resizeMatrix(from: number, to: number, { a, antialias, aligned }: Resize): Float32Array {
  const weights = new Float32Array(to * from);
  const reach = a === undefined ? 1 : 2;
  const stretch = antialias ? Math.max(1, from / to) : 1;
  for (let row = 0; row < to; row++) {
    const centre = aligned ? (row * (from - 1)) / (to - 1) : ((row + 0.5) * from) / to - 0.5;
    let total = 0;
    const taps: [at: number, weight: number][] = [];
    for (let i = Math.ceil(centre - reach * stretch); i <= centre + reach * stretch; i++) {
      if (antialias && (i < 0 || i >= from)) continue;
      const x = Math.abs(i - centre) / stretch;
      const weight = a === undefined ? Math.max(0, 1 - x) : cubic(x, a);
      taps.push([Math.min(from - 1, Math.max(0, i)), weight]);
      total += weight;
    }
    for (const [at, weight] of taps) weights[row * from + at]! += weight / total;
  }
  return weights;
}

function cubic(x: number, a: number): number {
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((x - 5) * x + 8) * x * a - 4 * a;
  return 0;
}
