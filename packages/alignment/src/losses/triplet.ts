import * as tf from '@tensorflow/tfjs-core';
import type { HingeOptions } from './hinge.ts';
import { atIndex, expectLabels, ownLabels, sameLabel } from './label-masks.ts';
import { expectPairs, withoutGradient } from './pairs.ts';
import { squaredDistances } from './squared-distances.ts';

/** Nearer rows have no gradient. */
const smallestSquare = 1e-24;
/** Farther than any candidate. */
const far = 1e30;

/**
 * Triplet loss with the farthest positive and the nearest negative of each anchor in the batch, by Euclidean distance:
 * Hermans et al. 2017, arXiv:1703.07737.
 *
 * @param anchors `[n, d]`.
 * @param candidates `[n, d]`; row `i` matches row `i` of `anchors`.
 * @returns Mean over anchors, in units of distance. `margin` defaults to 0.3.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape or there is not one label for each row.
 */
export function batchHardTriplet(
  anchors: tf.Tensor2D,
  candidates: tf.Tensor2D,
  { margin = 0.3, labels = ownLabels(anchors.shape[0]) }: HingeOptions = {},
): tf.Scalar {
  expectPairs(anchors, candidates);
  expectLabels(labels, anchors.shape[0]);
  const same = sameLabel(labels, labels);
  const distances = tf.sqrt<tf.Tensor2D>(tf.maximum(squaredDistances(anchors, candidates), smallestSquare));
  const farthest = choose(distances, (d) => tf.argMax(tf.sub(d, tf.mul(tf.sub(1, same), far)), -1));
  const nearest = choose(distances, (d) => tf.argMin(tf.add(d, tf.mul(same, far)), -1));
  return tf.mean(tf.relu(tf.add(tf.sub(farthest, nearest), margin)));
}

/** One entry of each row. */
function choose(x: tf.Tensor2D, index: (x: tf.Tensor2D) => tf.Tensor): tf.Tensor {
  const chosen = withoutGradient(x, (d) => atIndex(index(d), d));
  return tf.sum(tf.mul(x, chosen), -1);
}
