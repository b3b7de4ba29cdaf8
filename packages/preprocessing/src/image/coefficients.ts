import type { Kernel } from './filters.ts';

/** Bits of a weight: 32 minus 8 of the sample minus 2 of head room. */
export const precision = 22;

/** Fixed-point weights of a run of output samples; sample `i` starts at source `first[i]` and has `counts[i]` taps. */
export interface Coefficients {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  /** `[samples, taps]`, `2 ** 22` is 1. */
  readonly weights: Int32Array;
  readonly taps: number;
}

/** Weights of output samples `from` to `to` when `size` source samples become `outSize`, as Pillow computes them. */
export function coefficients(
  kernel: Kernel,
  sizes: { readonly size: number; readonly outSize: number },
  from: number,
  to: number,
): Coefficients {
  const scale = sizes.size / sizes.outSize;
  const stretch = Math.max(scale, 1);
  const support = kernel.support * stretch;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(to - from);
  const counts = new Int32Array(to - from);
  const weights = new Int32Array((to - from) * taps);
  const exact = new Float64Array(taps);
  for (let i = 0; i < first.length; i++) {
    const center = (from + i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(sizes.size, Math.trunc(center + support + 0.5)) - low;
    let sum = 0;
    for (let j = 0; j < count; j++) {
      exact[j] = kernel.weight((low + j - center + 0.5) * (1 / stretch));
      sum += exact[j]!;
    }
    first[i] = low;
    counts[i] = count;
    for (let j = 0; j < count; j++) weights[i * taps + j] = fixed(sum === 0 ? exact[j]! : exact[j]! / sum);
  }
  return { first, counts, weights, taps };
}

function fixed(weight: number): number {
  return Math.trunc((weight < 0 ? -0.5 : 0.5) + weight * 2 ** precision);
}
