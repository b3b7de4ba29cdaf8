import type { Embeddings, SearchKernel } from '@diptych/core';
import { dotSteps } from '../../src/kernels/dot-steps.ts';
import { stepsOfFloats } from '../../src/store/steps-of.ts';

/** As a kernel that makes steps of float32 itself and multiplies chosen rows does, with other roundings. */
export const quantizingKernel: SearchKernel<'int8'> = (rows) => {
  const laid = dotSteps(rows);
  const of = (queries: Embeddings<'int8'>) => {
    const products = laid(queries);
    const [n] = queries.shape;
    const gather = (chosen: Uint32Array, out: Float64Array) => {
      const one = new Float64Array(n);
      for (const [i, row] of chosen.entries()) {
        products(row, 1, one);
        for (let q = 0; q < n; q++) out[q * chosen.length + i] = one[q]!;
      }
    };
    return Object.assign((first: number, count: number, out: Float64Array) => products(first, count, out), { gather });
  };
  const quantize = (first: number, floats: Float32Array, mean: Float32Array, told: Float64Array) => {
    const dim = rows.shape[1];
    const data = stepsOfFloats(floats, mean, told);
    laid.write!(first, { ...rows, data, shape: [floats.length / dim, dim] });
  };
  return Object.assign(of, { write: laid.write, room: laid.room, quantize });
};

/** The same, which counts the rows that it made steps of, and how often it was asked. */
export function countingKernel(): {
  readonly kernel: SearchKernel<'int8'>;
  readonly counted: { rows: number; asked: number };
} {
  const counted = { rows: 0, asked: 0 };
  const kernel: SearchKernel<'int8'> = (rows) => {
    const laid = quantizingKernel(rows);
    const quantize: typeof laid.quantize = (first, floats, mean, told) => {
      counted.rows += floats.length / rows.shape[1];
      laid.quantize!(first, floats, mean, told);
    };
    const of = (queries: Embeddings<'int8'>) => {
      counted.asked++;
      return laid(queries);
    };
    return Object.assign(of, { write: laid.write, room: laid.room, quantize });
  };
  return { kernel, counted };
}
