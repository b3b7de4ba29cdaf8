import { pca } from '@diptych/evaluation';
import { umap } from '@diptych/evaluation/report';
import { dot, type Matrix, rowAt } from './rows.ts';

/** Places on a map, `[n, 2]`, from 0 to 1 both ways. */
export type Points = Float32Array;

/** Rows whose neighbourhoods are found by comparing them all; of more, so many are chosen evenly, and the others lie near those. */
const most = 3000;
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

/** By UMAP: what is alike lies together. */
export async function byNeighbours(rows: Matrix, onProgress: (share: number) => void): Promise<Points> {
  const [n, dim] = rows.shape;
  if (n < fewest) return byAxes(rows);
  const chosen = Array.from({ length: Math.min(n, most) }, (_, i) => Math.floor((i * n) / Math.min(n, most)));
  const data = new Float32Array(chosen.length * dim);
  chosen.forEach((place, i) => data.set(rowAt(rows, place), i * dim));
  const sample: Matrix = { data, shape: [chosen.length, dim] };
  const map = umap({
    neighbors: Math.min(15, chosen.length - 1),
    onProgress: (done, epochs) => onProgress(done / epochs),
  });
  const { data: points } = await map(sample);
  if (chosen.length === n) return fitted(points);
  const all = new Float64Array(2 * n);
  for (let place = 0; place < n; place++) all.set(amongNearest(rowAt(rows, place), sample, points), 2 * place);
  return fitted(all);
}

/** Between the three nearest of those that have points, the nearer ones counting more; on its own point where it is one. */
function amongNearest(row: Float32Array, sample: Matrix, points: ArrayLike<number>): readonly [number, number] {
  const best: { at: number; score: number }[] = [];
  for (let at = 0; at < sample.shape[0]; at++) {
    const score = dot(row, rowAt(sample, at));
    if (best.length === 3 && score <= best[2]!.score) continue;
    best.push({ at, score });
    best.sort((a, b) => b.score - a.score);
    best.length = Math.min(best.length, 3);
  }
  const weights = best.map(({ score }) => 1 / Math.max(1 - score, 1e-6));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const mean = (axis: number) =>
    best.reduce((total, { at }, i) => total + points[2 * at + axis]! * weights[i]!, 0) / sum;
  return [mean(0), mean(1)];
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
