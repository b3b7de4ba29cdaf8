import { type Coefficients, coefficients } from '../coefficients.ts';
import type { Kernel } from '../filters.ts';

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
