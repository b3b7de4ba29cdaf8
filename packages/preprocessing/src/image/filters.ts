/** Pillow's resampling filters, by its names. */
export type Filter = 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';

/** A filter that weighs neighbours. */
export interface Kernel {
  /** Half the width that the weights cover, in source pixels at scale 1. */
  readonly support: number;
  weight(x: number): number;
}

/** Every operation in the order of Pillow's `Resample.c`: another order rounds differently. */
export const kernels: Readonly<Record<Exclude<Filter, 'nearest'>, Kernel>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: bilinear },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: bicubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

function bilinear(x: number): number {
  const distance = Math.abs(x);
  return distance < 1 ? 1 - distance : 0;
}

function hamming(x: number): number {
  const distance = Math.abs(x);
  if (distance === 0) return 1;
  if (distance >= 1) return 0;
  const angle = distance * Math.PI;
  return (Math.sin(angle) / angle) * (hammingMean + hammingSwing * Math.cos(angle));
}

// Float literals in the C source.
const hammingMean = Math.fround(0.54);
const hammingSwing = Math.fround(0.46);

function bicubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
  return 0;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return Math.sin(angle) / angle;
}

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

/** Weights as `assembly/weights.ts` describes them, as many for each sample: what it lacks are zeros. */
export interface PackedWeights {
  /** Moved forward near the end, so that at most three source samples behind the last are read. */
  readonly first: Int32Array;
  /** `[samples, groups, 8]`: of each group of four weights the high halves, then the low ones. */
  readonly weights: Int16Array;
  readonly groups: number;
  /** Source samples that are needed: from `start`, before `end`. */
  readonly start: number;
  readonly end: number;
}

type Run = readonly [from: number, count: number];

const lowBits = 12;

interface Recent {
  readonly kernel: Kernel;
  readonly sizes: string;
  readonly packed: PackedWeights | undefined;
}

/** Images often come in few sizes. */
let recent: readonly Recent[] = [];
const mostRecent = 8;

/** Weights of `count` samples from `from` on, of `size` source samples scaled to `outSize`. */
export function packedWeights(
  kernel: Kernel,
  size: number,
  outSize: number,
  [from, count]: Run,
): PackedWeights | undefined {
  const sizes = `${size} ${outSize} ${from} ${count}`;
  const known = recent.find((entry) => entry.kernel === kernel && entry.sizes === sizes);
  if (known) return known.packed;
  const packed = packWeights(coefficients(kernel, { size, outSize }, from, from + count));
  recent = [{ kernel, sizes, packed }, ...recent.slice(0, mostRecent - 1)];
  return packed;
}

/** `undefined` where a high half would leave 16 bits. */
export function packWeights({ first, counts, weights, taps }: Coefficients): PackedWeights | undefined {
  const groups = Math.ceil(counts.reduce((most, count) => Math.max(most, count), 1) / 4);
  const [start, end] = [first[0]!, first.at(-1)! + counts.at(-1)!];
  const starts = first.map((at) => Math.max(start, Math.min(at, end - 4 * groups)));
  const packed = new Int16Array(first.length * groups * 8);
  for (const [sample, count] of counts.entries()) {
    const zeros = first[sample]! - starts[sample]!;
    for (let k = zeros; k < zeros + count; k++) {
      const weight = weights[sample * taps + k - zeros]!;
      const high = weight >> lowBits;
      if (high !== (high << 16) >> 16) return undefined;
      const at = (sample * groups + (k >> 2)) * 8 + (k & 3);
      packed[at] = high;
      packed[at + 4] = weight & (2 ** lowBits - 1);
    }
  }
  return { first: starts, weights: packed, groups, start, end };
}
