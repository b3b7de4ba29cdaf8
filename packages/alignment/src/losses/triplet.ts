import { expectMembers } from '@diptych/core';
import { gatherRows } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { HingeOptions } from './hinge.ts';
import { expectLabels, ownLabels } from './label-masks.ts';
import { expectPairs } from './pairs.ts';
import { type Numbers, runOver, unrecorded } from './score-pass.ts';
import { squaredDistances } from './squared-distances.ts';

/** Nearer rows have no gradient. */
const smallestSquare = 1e-24;

/**
 * Triplet loss with the farthest positive and the nearest negative of each anchor in the batch, by Euclidean distance:
 * Hermans et al. 2017, arXiv:1703.07737.
 *
 * @param anchors `[n, d]`.
 * @param candidates `[n, d]`; row `i` matches row `i` of `anchors`.
 * @returns Mean over anchors, in units of distance. `margin` defaults to 0.3.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape or there is not one label for each row.
 */
export function batchHardTriplet(anchors: tf.Tensor2D, candidates: tf.Tensor2D, options: HingeOptions = {}): tf.Scalar {
  const { margin = 0.3, ...given } = expectMembers(options, 'batchHardTriplet: options');
  expectPairs(anchors, candidates);
  const labels = given.labels ?? ownLabels(anchors.shape[0]);
  expectLabels(labels, anchors.shape[0]);
  const { farthest, nearest, found } = hardest(anchors, candidates, Int32Array.from(labels));
  const distances = [farthest, nearest].map((places) => {
    const squares = tf.sum(tf.squaredDifference(anchors, gatherRows(candidates, places)), -1);
    return tf.sqrt(tf.maximum(squares, smallestSquare));
  });
  const costs = tf.relu(tf.add(tf.sub(distances[0]!, distances[1]!), margin));
  return tf.mean(tf.mul(costs, tf.tensor1d(found)));
}

/** What each anchor is compared with; the first of equal ones. */
interface Hardest {
  readonly farthest: Int32Array;
  readonly nearest: Int32Array;
  /** 0 for an anchor without any negative, else 1. */
  readonly found: Float32Array;
}

function hardest(anchors: tf.Tensor2D, candidates: tf.Tensor2D, labels: Int32Array): Hardest {
  const n = labels.length;
  const [farthest, nearest] = [ownLabels(n), new Int32Array(n).fill(-1)];
  const choose = (squares: Numbers, i: number) => {
    for (let j = 0; j < n; j++) {
      const [to, sign] = labels[j] === labels[i] ? [farthest, 1] : [nearest, -1];
      const best = to[i]!;
      const gain = best < 0 ? 1 : sign * (squares[i * n + j]! - squares[i * n + best]!);
      if (gain > 0 || (gain === 0 && j < best)) to[i] = j;
    }
  };
  unrecorded(anchors, () => {
    runOver(squaredDistances(anchors, candidates), (squares) => labels.forEach((_, i) => choose(squares, i)));
  });
  return {
    farthest,
    nearest: nearest.map((place) => Math.max(place, 0)),
    found: Float32Array.from(nearest, (place) => (place < 0 ? 0 : 1)),
  };
}
