import { expectMembers } from '@diptych/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { HingeOptions } from './hinge.ts';
import { expectLabels, ownLabels } from './label-masks.ts';
import { expectPairs } from './pairs.ts';
import { passOver } from './score-pass.ts';
import { squaredDistances } from './squared-distances.ts';

/** Nearer rows have no gradient. */
const smallest = 1e-12;

/**
 * Triplet loss of every anchor with every positive and every negative of the batch, by Euclidean distance: Hermans et al. 2017,
 * arXiv:1703.07737 (`BatchAllTripletLoss` of sentence-transformers, between two batches).
 *
 * @param anchors `[n, d]`.
 * @param candidates `[n, d]`; row `i` matches row `i` of `anchors`, and so do others with its label.
 * @returns Mean over the triplets that cost anything, in units of distance; 0 where none does. `margin` defaults to 0.3.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape or there is not one label for each row.
 */
export function batchAllTriplet(anchors: tf.Tensor2D, candidates: tf.Tensor2D, options: HingeOptions = {}): tf.Scalar {
  return overPairs('batchAllTriplet', anchors, candidates, options, ({ from, distances, same, margin }) => {
    const costs: Triplet[] = [];
    for (let to = 0; to < same.length; to++) {
      if (!same[to]) continue;
      for (let negative = 0; negative < same.length; negative++) {
        if (same[negative]) continue;
        const cost = distances[to]! - distances[negative]! + margin;
        if (!(cost <= 0)) costs.push({ from, to, negative, cost });
      }
    }
    return costs;
  });
}

/**
 * Triplet loss with semi-hard negatives, Schroff et al. 2015 (arXiv:1503.03832; `BatchSemiHardTripletLoss` of sentence-transformers,
 * between two batches): for each positive the nearest negative beyond it, or where there is none the farthest.
 *
 * @returns Mean over all pairs of an anchor and a positive that have a negative, in units of distance. `margin` defaults to 0.3.
 * @throws {EmbeddingError} As `batchAllTriplet`.
 */
export function batchSemiHardTriplet(
  anchors: tf.Tensor2D,
  candidates: tf.Tensor2D,
  options: HingeOptions = {},
): tf.Scalar {
  return overPairs('batchSemiHardTriplet', anchors, candidates, options, ({ from, distances, same, margin }) => {
    return same.flatMap((isPositive, to): Triplet[] => {
      if (!isPositive) return [];
      let [beyond, farthest] = [-1, -1];
      for (let j = 0; j < same.length; j++) {
        if (same[j]) continue;
        if (distances[j]! > distances[to]! && (beyond < 0 || distances[j]! < distances[beyond]!)) beyond = j;
        if (farthest < 0 || distances[j]! > distances[farthest]!) farthest = j;
      }
      const negative = beyond < 0 ? farthest : beyond;
      if (negative < 0) return [];
      return [{ from, to, negative, cost: Math.max(0, distances[to]! - distances[negative]! + margin) }];
    });
  });
}

interface Triplet {
  readonly from: number;
  readonly to: number;
  readonly negative: number;
  readonly cost: number;
}

interface Anchor {
  readonly from: number;
  /** To every candidate. */
  readonly distances: Float64Array;
  /** Whether it has the anchor's label. */
  readonly same: readonly boolean[];
  readonly margin: number;
}

function overPairs(
  name: string,
  anchors: tf.Tensor2D,
  candidates: tf.Tensor2D,
  options: HingeOptions,
  tripletsOf: (anchor: Anchor) => readonly Triplet[],
): tf.Scalar {
  const { margin = 0.3, ...given } = expectMembers(options, `${name}: options`);
  expectPairs(anchors, candidates);
  const labels = given.labels ?? ownLabels(anchors.shape[0]);
  expectLabels(labels, anchors.shape[0]);
  const all = Array.from(labels);
  return passOver(squaredDistances(anchors, candidates), (squares, slopes, [n]) => {
    const triplets = all.flatMap((label, from) => {
      const distances = Float64Array.from(squares.subarray(from * n, (from + 1) * n), (square) => Math.sqrt(square));
      return tripletsOf({ from, distances, same: all.map((other) => other === label), margin });
    });
    for (const { from, to, negative, cost } of triplets) {
      // NaN goes on.
      if (cost <= 0) continue;
      for (const [place, sign] of [
        [to, 1],
        [negative, -1],
      ] as const) {
        const distance = Math.sqrt(squares[from * n + place]!);
        if (!(distance <= smallest)) slopes[from * n + place]! += sign / (2 * distance * triplets.length);
      }
    }
    return triplets.reduce((sum, { cost }) => sum + cost, 0) / Math.max(1, triplets.length);
  });
}
