import type { Embeddings } from '@diptych/core';
import { dotScores, type Matrix, matrixScores, type Scores } from '../src/index.ts';

/** Nested numbers as a matrix. */
export function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { data: rows.flat(), shape: [rows.length, rows[0]!.length] };
}

/** Inner products of nested rows, as a matrix that is there already. */
export function products(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): Scores {
  const scores = dotScores(matrix(a), matrix(b));
  return matrixScores({ data: all(scores), shape: scores.shape });
}

/** Every score, row-major. */
export function all(scores: Scores): Float64Array {
  return scores.block([0, scores.shape[0]], [0, scores.shape[1]]);
}

/** Seeded numbers in [-1, 1): a linear congruential generator. */
export function randomRows(n: number, dim: number, seed: number): Embeddings {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
  return { precision: 'float32', data: Float32Array.from({ length: n * dim }, next), shape: [n, dim], model: 'random' };
}
