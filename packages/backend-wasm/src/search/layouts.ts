import { EmbeddingError, type Embeddings, type SearchPrecision } from '@diptych/core';
import type { KernelVariant } from '../kernels/binary.ts';
import type { SearchExports } from './exports.ts';

/** How rows and queries of one dimension lie in the memory, and what multiplies them. */
export interface Layout<P extends SearchPrecision> {
  readonly rowBytes: number;
  readonly queryBytes: number;
  /** Both write into zeros. */
  readonly writeRows: (rows: Embeddings<P>, to: Uint8Array) => void;
  readonly writeQueries: (queries: Embeddings<P>, to: Uint8Array) => void;
  readonly multiply: (kernels: SearchExports, operands: Operands) => void;
  /** As `multiply` for one query and rows whose numbers, uint32, are at `chosen`. Absent where rows are never left out. */
  readonly gather?: (kernels: SearchExports, operands: Operands & { readonly chosen: number }) => void;
  /** Rows of float32 at `from`, less the mean at `mean`, in this precision; what is told of them goes to `told`. */
  readonly quantize?: (kernels: SearchExports, floats: Floats) => void;
}

/** Addresses in bytes. */
interface Operands {
  readonly rows: number;
  readonly count: number;
  readonly queries: number;
  readonly n: number;
  /** `n * count` float64. */
  readonly to: number;
}

/** The same. */
export interface Floats {
  readonly from: number;
  readonly count: number;
  readonly mean: number;
  readonly to: number;
  /** `4 * count` float64. */
  readonly told: number;
}

export type Layouts = {
  readonly [P in SearchPrecision]: (dim: number, variant: KernelVariant) => Layout<P>;
};

/** Above, a sum of products of steps would leave 32 bits. */
const mostSteps = 2 ** 19;

export const layouts: Layouts = {
  float32: (dim) => ({
    rowBytes: 4 * dim,
    queryBytes: 8 * dim,
    writeRows: ({ data }, to) => new Float32Array(to.buffer, to.byteOffset, data.length).set(data),
    writeQueries: ({ data }, to) => new Float64Array(to.buffer, to.byteOffset, data.length).set(data),
    multiply: (kernels, { rows, count, queries, n, to }) => kernels.dotFloat32(rows, count, queries, n, dim, to),
  }),
  int8: (dim, variant) => {
    if (dim > mostSteps) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'search',
        expected: `at most ${mostSteps} steps in a row`,
        got: dim,
      });
    }
    const width = wholeVectors(dim);
    const writeQuery = variant === 'simd' ? widen : splitSigns;
    return {
      rowBytes: width,
      queryBytes: 2 * width,
      writeRows: ({ data }, to) => padRows(data, dim, to, width),
      writeQueries: ({ data, shape: [n] }, to) => {
        if (data.includes(-128))
          throw new EmbeddingError('INPUT_INVALID', { where: 'search', expected: 'steps of -127 to 127', got: '-128' });
        for (let q = 0; q < n; q++) {
          writeQuery(data.subarray(q * dim, (q + 1) * dim), to.subarray(q * 2 * width, (q + 1) * 2 * width));
        }
      },
      multiply: (kernels, { rows, count, queries, n, to }) => kernels.dotInt8(rows, count, queries, n, width, to),
      gather: (kernels, { rows, chosen, count, queries, to }) =>
        kernels.dotInt8At(rows, chosen, count, queries, width, to),
      quantize: (kernels, { from, count, mean, to, told }) =>
        kernels.quantizeRows(from, count, dim, mean, to, width, told),
    };
  },
  ubinary: (dim) => {
    const bytes = Math.ceil(dim / 8);
    const width = wholeVectors(bytes);
    const write = ({ data }: Embeddings<'ubinary'>, to: Uint8Array) => padRows(data, bytes, to, width);
    return {
      rowBytes: width,
      queryBytes: width,
      writeRows: write,
      writeQueries: write,
      multiply: (kernels, { rows, count, queries, n, to }) => kernels.dotSigns(rows, count, queries, n, width, dim, to),
    };
  },
};

function wholeVectors(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

function padRows(data: Int8Array | Uint8Array, size: number, to: Uint8Array, width: number): void {
  if (size === width) return to.set(data);
  for (let from = 0, at = 0; from < data.length; from += size, at += width) {
    to.set(data.subarray(from, from + size), at);
  }
}

function widen(steps: Int8Array, to: Uint8Array): void {
  new Int16Array(to.buffer, to.byteOffset, steps.length).set(steps);
}

/** Of each sixteen steps first what is positive, then what is negative. */
function splitSigns(steps: Int8Array, to: Uint8Array): void {
  for (let k = 0; k < steps.length; k++) {
    const step = steps[k]!;
    to[(k & ~15) * 2 + (k & 15) + (step < 0 ? 16 : 0)] = Math.abs(step);
  }
}
