import { EmbeddingError, expectListeners, inTurns, pieces, seededRandom, type Steps } from '@diptych/core';
import { finiteRows, type FiniteRows, type Matrix, type Rows } from '../rows.ts';
import { type Curve, umapCurve } from './umap-curve.ts';
import { umapEdges, type Edges } from './umap-edges.ts';

export interface UmapOptions {
  /** Default 0. */
  readonly seed?: number;
  /** Neighbours that a row keeps near, itself among them: few show detail, many the whole. Default 15. */
  readonly neighbors?: number;
  /** Least distance of points on the map, 0 to 1. Default 0.1. */
  readonly minDist?: number;
  /** Told after each epoch how many of all are done; before the first, neighbours are found. */
  readonly onProgress?: (done: number, epochs: number) => void;
}

/**
 * A map by UMAP, McInnes et al. 2018 (arXiv:1802.03426), the same for the same seed. Distances on it mean little;
 * neighbourhoods do. Rows are compared by Euclidean distance: of unit rows that is the order of their cosines. From the
 * neighbours on it is umap-js 1.4 to the bit, which begins with random points; neighbours are exact, and the curve is
 * fitted as far as umap-learn does.
 *
 * @returns Rows `[n, dim]` to points `[n, 2]`, in pieces of some ten milliseconds, in a time that grows with the square of
 *   the rows: rejects with the reason of its signal, and with `INPUT_INVALID` when there are not more rows than neighbours.
 * @throws {EmbeddingError} `INPUT_INVALID` for a `minDist` or a listener that is none.
 */
export function umap(options: UmapOptions = {}): (rows: Rows, signal?: AbortSignal) => Promise<Matrix> {
  expectListeners(options, 'umap');
  const { seed = 0, neighbors = 15, minDist = 0.1, onProgress } = options;
  if (!(minDist >= 0 && minDist <= 1)) {
    throw new EmbeddingError('INPUT_INVALID', { where: 'umap: minDist', expected: '0 to 1', got: minDist });
  }
  return async (rows, signal) => {
    const finite = finiteRows(rows, 'umap');
    const n = finite.shape[0];
    if (!(Number.isInteger(neighbors) && neighbors >= 1 && neighbors < n)) {
      throw new EmbeddingError('INPUT_INVALID', { where: 'umap', expected: `1 to ${n - 1} neighbors`, got: neighbors });
    }
    return inTurns(mapped(finite, { neighbors, minDist, onProgress, random: seededRandom(seed) }), signal);
  };
}

interface Settings {
  readonly neighbors: number;
  readonly minDist: number;
  readonly onProgress: UmapOptions['onProgress'];
  readonly random: () => number;
}

function* mapped(rows: FiniteRows, { neighbors, minDist, onProgress, random }: Settings): Steps<Matrix> {
  const n = rows.shape[0];
  const epochs = epochsFor(n);
  const edges = yield* umapEdges(rows, neighbors, epochs);
  const points = Float64Array.from({ length: 2 * n }, () => random() * 20 - 10);
  const curve = umapCurve(minDist);
  yield undefined;
  yield* move(points, edges, { curve, epochs, onProgress, random });
  return { data: points, shape: [n, 2] };
}

/** As umap-js has it. */
function epochsFor(n: number): number {
  if (n <= 2500) return 500;
  if (n <= 5000) return 400;
  return n <= 7500 ? 300 : 200;
}

interface Moves {
  readonly curve: Curve;
  readonly epochs: number;
  readonly onProgress: UmapOptions['onProgress'];
  readonly random: () => number;
}

/** Points that are drawn at random for one that is a neighbour. */
const strangers = 5;
/** Multiplications that take as long as one point that is pulled or pushed. */
const perMove = 64;

/** Stochastic gradient descent: of an edge both ends come nearer, as often as it is strong, and the first leaves strangers. */
function* move(
  points: Float64Array,
  { heads, tails, every }: Edges,
  { curve, epochs, onProgress, random }: Moves,
): Steps<void> {
  const n = points.length / 2;
  const { a, b } = curve;
  const pause = pieces();
  const everyStranger = every.map((period) => period / strangers);
  const [next, nextStranger] = [every.slice(), everyStranger.slice()];
  const squaredDistance = (p: number, q: number) =>
    (points[p]! - points[q]!) ** 2 + (points[p + 1]! - points[q + 1]!) ** 2;
  let rate = 1;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let edge = 0; edge < every.length; edge++) {
      if (pause(1)) yield undefined;
      if (next[edge]! > epoch) continue;
      const [p, q] = [2 * heads[edge]!, 2 * tails[edge]!];
      const squared = squaredDistance(p, q);
      const pull = squared > 0 ? (-2 * a * b * squared ** (b - 1)) / (a * squared ** b + 1) : 0;
      for (let d = 0; d < 2; d++) {
        const step = clipped(pull * (points[p + d]! - points[q + d]!));
        points[p + d]! += step * rate;
        points[q + d]! -= step * rate;
      }
      next[edge]! += every[edge]!;
      const count = Math.floor((epoch - nextStranger[edge]!) / everyStranger[edge]!);
      for (let i = 0; i < count; i++) push(p, 2 * Math.floor(random() * n));
      nextStranger[edge]! += count * everyStranger[edge]!;
      if (pause(perMove * (1 + count))) yield undefined;
    }
    rate = 1 - epoch / epochs;
    onProgress?.(epoch + 1, epochs);
  }

  function push(p: number, q: number): void {
    const squared = squaredDistance(p, q);
    if (squared === 0 && p === q) return;
    const away = squared > 0 ? (2 * b) / ((0.001 + squared) * (a * squared ** b + 1)) : 0;
    for (let d = 0; d < 2; d++) {
      points[p + d]! += (away > 0 ? clipped(away * (points[p + d]! - points[q + d]!)) : longest) * rate;
    }
  }
}

/** Longest step along one axis. */
const longest = 4;

function clipped(step: number): number {
  return Math.max(-longest, Math.min(longest, step));
}
