import type { Embeddings } from '@diptych/core';
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
    const step = steps.scales![q]!;
    let [length, along, rest] = [0, 0, 0];
    for (let i = 0; i < dim; i++) {
      const value = queries.data[q * dim + i]!;
      length += value * value;
      along += value * mean[i]!;
      rest += (value - step * steps.data[q * dim + i]!) ** 2;
    }
    const factor = length > 0 ? 1 / Math.sqrt(length) : 0;
    return {
      mean: along * factor,
      step: step * factor,
      rest: Math.sqrt(rest) * factor + rounding,
      near: new Nearest(k),
    };
  });
}
