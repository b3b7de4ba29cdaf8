import type { SearchKernel } from '@diptych/core';
import { pca } from '@diptych/evaluation';
import { umap } from '@diptych/evaluation/report';
import { dot, embeddings, type Matrix, rowAt } from './rows.ts';

/** Places on a map, `[n, 2]`, from 0 to 1 both ways. */
export type Points = Float32Array;

/** Fewer have no neighbourhoods. */
const fewest = 4;

/** By the two axes along which rows differ most; in a line where there is but one, in the middle where they are equal. */
export async function byAxes(rows: Matrix): Promise<Points> {
  const [n] = rows.shape;
  for (const components of [2, 1]) {
    // Refused where rows span fewer.
    const found = n > components ? await pca(rows, { components }).catch(() => undefined) : undefined;
    if (found) {
      const { data } = found.coordinates;
      return fitted(
        Float64Array.from({ length: 2 * n }, (_, i) =>
          i % 2 < components ? data[(i >> 1) * components + (i % 2)]! : 0,
        ),
      );
    }
  }
  return new Float32Array(2 * n).fill(0.5);
}

export interface NeighbourOptions {
  /** Rows that UMAP arranges, comparing them all; of more, so many are chosen evenly, and the others lie near those. Default 2000. */
  readonly most?: number;
  /** Told the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Multiplies rows; default plain JavaScript. */
  readonly kernel?: SearchKernel<'float32'> | undefined;
}

/** By UMAP: what is alike lies together. */
export async function byNeighbours(
  rows: Matrix,
  { most = 2000, onProgress, kernel }: NeighbourOptions,
): Promise<Points> {
  const [n, dim] = rows.shape;
  if (n < fewest) return byAxes(rows);
  const chosen = Array.from({ length: Math.min(n, most) }, (_, i) => Math.floor((i * n) / Math.min(n, most)));
  const data = new Float32Array(chosen.length * dim);
  chosen.forEach((place, i) => data.set(rowAt(rows, place), i * dim));
  const sample: Matrix = { data, shape: [chosen.length, dim] };
  const map = umap({
    neighbors: Math.min(15, chosen.length - 1),
    onProgress: (done, epochs) => onProgress?.(done / epochs),
  });
  const { data: points } = await map(sample);
  if (chosen.length === n) return fitted(points);
  return fitted(amongNearest(rows, sample, { points, kernel }));
}

/** Rows that are compared at a time. */
const block = 64;

interface Placing {
  /** Of the sample. */
  readonly points: ArrayLike<number>;
  readonly kernel: SearchKernel<'float32'> | undefined;
}

/** Each row between the three nearest of the sample, the nearer ones counting more; on its own point where it is one. */
function amongNearest(rows: Matrix, sample: Matrix, { points, kernel }: Placing): Float64Array {
  const [n, dim] = rows.shape;
  const [count] = sample.shape;
  const all = new Float64Array(2 * n);
  const prepare = kernel?.(embeddings(sample));
  const scores = new Float64Array(block * count);
  for (let start = 0; start < n; start += block) {
    const size = Math.min(block, n - start);
    const part: Matrix = { data: rows.data.subarray(start * dim, (start + size) * dim), shape: [size, dim] };
    if (prepare) prepare(embeddings(part))(0, count, scores.subarray(0, size * count));
    else multiply(part, sample, scores);
    for (let i = 0; i < size; i++) {
      all.set(between(scores.subarray(i * count, (i + 1) * count), points), 2 * (start + i));
    }
  }
  return all;
}

/** Scores of one row with the sample to its point. */
function between(scores: Float64Array, points: ArrayLike<number>): readonly [number, number] {
  const best: number[] = [];
  for (let at = 0; at < scores.length; at++) {
    if (best.length === 3 && scores[at]! <= scores[best[2]!]!) continue;
    best.push(at);
    best.sort((a, b) => scores[b]! - scores[a]!);
    best.length = Math.min(best.length, 3);
  }
  const weights = best.map((at) => 1 / Math.max(1 - scores[at]!, 1e-6));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const mean = (axis: number) => best.reduce((total, at, i) => total + points[2 * at + axis]! * weights[i]!, 0) / sum;
  return [mean(0), mean(1)];
}

/** Inner products of rows, row after row. */
function multiply(a: Matrix, b: Matrix, out: Float64Array): void {
  for (let i = 0, at = 0; i < a.shape[0]; i++) {
    const row = rowAt(a, i);
    for (let j = 0; j < b.shape[0]; j++) out[at++] = dot(row, rowAt(b, j));
  }
}

/** Into the middle of the unit square, with an edge around; both ways by the same measure. */
function fitted(points: ArrayLike<number>): Points {
  const [low, high] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (let i = 0; i < points.length; i++) {
    low[i % 2] = Math.min(low[i % 2]!, points[i]!);
    high[i % 2] = Math.max(high[i % 2]!, points[i]!);
  }
  const side = Math.max(high[0]! - low[0]!, high[1]! - low[1]!) || 1;
  return Float32Array.from(points, (value, i) => 0.5 + (0.9 * (value - (low[i % 2]! + high[i % 2]!) / 2)) / side);
}
