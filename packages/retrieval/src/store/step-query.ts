import { type Embeddings, quantize } from '@diptych/core';
import { Nearest } from './nearest.ts';

/** More than float32 and float64 may round, relative to what is rounded. */
export const rounding = 2e-6;

/** A query of length 1: its product with the mean, what one of its steps counts for, and the length of what they lack. */
export interface Asked {
  readonly mean: number;
  readonly step: number;
  readonly rest: number;
  /** What was found. */
  readonly near: Nearest;
}

/** @param steps Of the queries. */
export function asksOf(queries: Embeddings, steps: Embeddings<'int8'>, mean: Float32Array, k: number): Asked[] {
  const [n, dim] = queries.shape;
  return Array.from({ length: n }, (_, q) => {
    const row = queries.data.subarray(q * dim, (q + 1) * dim);
    const factor = inverseLength(row);
    const along = row.reduce((sum, value, i) => sum + value * mean[i]!, 0);
    const rest = lengthOf(lacking(row, steps, q));
    const step = steps.scales![q]!;
    return { mean: along * factor, step: step * factor, rest: rest * factor + rounding, near: new Nearest(k) };
  });
}

/** What the steps of a query lack, in steps of its own. */
export function restOf(queries: Embeddings, steps: Embeddings<'int8'>, q: number): Rest {
  const dim = queries.shape[1];
  const row = queries.data.subarray(q * dim, (q + 1) * dim);
  const data = lacking(row, steps, q);
  const own = quantize({ ...queries, data, shape: [1, dim] }, 'int8');
  const factor = inverseLength(row);
  return {
    steps: own,
    step: own.scales![0]! * factor,
    rest: lengthOf(lacking(data, own, 0)) * factor + rounding,
  };
}

interface Rest {
  readonly steps: Embeddings<'int8'>;
  readonly step: number;
  readonly rest: number;
}

function lacking(row: Float32Array, { data, scales, shape: [, dim] }: Embeddings<'int8'>, q: number): Float32Array {
  return row.map((value, i) => value - scales![q]! * data[q * dim + i]!);
}

function lengthOf(row: Float32Array): number {
  return Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
}

function inverseLength(row: Float32Array): number {
  const length = lengthOf(row);
  return length > 0 ? 1 / length : 0;
}
