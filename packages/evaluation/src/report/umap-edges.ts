import { pieces, type Steps } from '@diptych/core';
import { dotScores } from '../embedding-scores.ts';
import { mean } from '../metrics.ts';
import type { FiniteRows } from '../rows.ts';
import { eachRow } from '../scores.ts';
import { bestOf } from '../top-k.ts';

/** Pairs of rows by head and tail, in the order of tails and then heads, and after how many epochs each is drawn again. */
export interface Edges {
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  readonly every: Float64Array;
}

/** The nearest of each of `n` rows. */
interface Neighbours {
  /** `[n, k]`, itself first and then the nearest first; of equals the lower index. */
  readonly indices: Int32Array;
  /** `[n, k]` Euclidean distances. */
  readonly distances: Float64Array;
}

/**
 * The fuzzy graph of UMAP: edges of every row with its `k` nearest, itself counted, strong enough to be drawn once in so many
 * epochs.
 */
export function* umapEdges(rows: FiniteRows, k: number, epochs: number): Steps<Edges> {
  const neighbours = yield* neighboursOf(rows, k);
  return yield* drawn(yield* strengths(neighbours, k), epochs);
}

/** Exact, by inner products in double precision; distances are those of the differences. */
function* neighboursOf(rows: FiniteRows, k: number): Steps<Neighbours> {
  const { data, shape } = rows;
  const [n, dim] = shape;
  const [indices, distances] = [new Int32Array(n * k), new Float64Array(n * k)];
  const row = (i: number) => data.subarray(i * dim, (i + 1) * dim);
  const origin = new Float64Array(dim);
  const halves = Float64Array.from({ length: n }, (_, i) => distance(row(i), origin) ** 2 / 2);
  yield* eachRow(dotScores({ data, shape }, { data, shape }), (scores, i) => {
    for (let j = 0; j < n; j++) scores[j]! -= halves[j]!;
    scores[i] = Infinity;
    const found = Array.from(bestOf(scores, k), (j) => ({ j, distance: distance(row(i), row(j)) }));
    found.sort((a, b) => Number(b.j === i) - Number(a.j === i) || a.distance - b.distance || a.j - b.j);
    found.forEach((one, at) => {
      indices[i * k + at] = one.j;
      distances[i * k + at] = one.distance;
    });
  });
  return { indices, distances };
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d]! - b[d]!) ** 2;
  return Math.sqrt(sum);
}

/** For each row, how strongly it holds to its neighbours: 1 to the nearest, and in sum the logarithm of `k`. */
function* strengths({ indices, distances }: Neighbours, k: number): Steps<Map<number, number>[]> {
  const pause = pieces();
  const graph: Map<number, number>[] = [];
  for (let start = 0; start < indices.length; start += k) {
    const near = distances.subarray(start, start + k);
    const nearest = near.find((value) => value > 0) ?? 0;
    const width = Math.max(widthOf(near, nearest), leastWidth * mean(near));
    const strength = (value: number) => (value <= nearest ? 1 : Math.exp(-((value - nearest) / width)));
    graph.push(new Map(Array.from(near.subarray(1), (value, at) => [indices[start + 1 + at]!, strength(value)])));
    if (pause(perSearch * k)) yield undefined;
  }
  return graph;
}

/** A width is at least so many times the mean distance. */
const leastWidth = 1e-3;
/** Multiplications that take as long as the widths that are tried for one neighbour. */
const perSearch = 8192;

/** The width at which strengths sum to log2 of their number, by halving, as umap-learn does it. */
function widthOf(near: Float64Array, nearest: number): number {
  const target = Math.log(near.length) / Math.log(2);
  let [low, high, width] = [0, Infinity, 1];
  for (let tries = 0; tries < 64; tries++) {
    let sum = 0;
    for (let at = 1; at < near.length; at++) {
      const beyond = near[at]! - nearest;
      sum += beyond > 0 ? Math.exp(-(beyond / width)) : 1;
    }
    if (Math.abs(sum - target) < 1e-5) break;
    if (sum > target) high = width;
    else low = width;
    width = high === Infinity ? 2 * width : (low + high) / 2;
  }
  return width;
}

/** Edges of either side's strengths, `s + t - st`, but for those too weak to be drawn. */
function* drawn(graph: readonly ReadonlyMap<number, number>[], epochs: number): Steps<Edges> {
  const pause = pieces();
  const united = graph.map((own) => new Map(own));
  for (const [tail, own] of graph.entries()) {
    for (const [head, strength] of own) {
      const back = graph[head]!.get(tail) ?? 0;
      const value = strength + back - strength * back;
      united[tail]!.set(head, value);
      united[head]!.set(tail, value);
    }
    if (pause(perEdge * own.size)) yield undefined;
  }
  let strongest = 0;
  for (const own of united) for (const value of own.values()) strongest = Math.max(strongest, value);
  const [heads, tails, every]: [number[], number[], number[]] = [[], [], []];
  for (const [tail, own] of united.entries()) {
    for (const [head, value] of [...own].toSorted(([one], [other]) => one - other)) {
      if (value < strongest / epochs) continue;
      heads.push(head);
      tails.push(tail);
      every.push(epochs / ((value / strongest) * epochs));
    }
    if (pause(perEdge * own.size)) yield undefined;
  }
  return { heads: Int32Array.from(heads), tails: Int32Array.from(tails), every: Float64Array.from(every) };
}

/** Multiplications that take as long as one edge. */
const perEdge = 4096;
