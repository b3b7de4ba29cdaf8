import { expectMembers } from '@diptych/core';
import type * as tf from '@tensorflow/tfjs-core';
import { expectLabelled } from './label-masks.ts';
import { type Labels, pairScores } from './pairs.ts';
import { softmaxInPlace, softplus } from './plain-softmax.ts';
import { passOver } from './score-pass.ts';

export interface CircleOptions {
  /** Default 0.4. */
  readonly margin?: number;
  /** Default 80. */
  readonly gamma?: number;
  /** What one softplus covers: the candidates of an anchor, then the mean is taken, or all pairs. Default `anchor`. */
  readonly over?: 'anchor' | 'batch';
}

/**
 * Circle loss, Sun et al. 2020, arXiv:2002.10857; the weights of the similarities are constants to the gradient.
 *
 * @param anchors `[n, d]` unit rows.
 * @param candidates `[n, d]` unit rows; row `i` has the label of row `i` of `anchors`.
 * @param labels One for each row; equal ones are positives.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape or there is not one label for each row.
 */
export function circle(
  anchors: tf.Tensor2D,
  candidates: tf.Tensor2D,
  labels: Labels,
  options: CircleOptions = {},
): tf.Scalar {
  const { margin = 0.4, gamma = 80, over = 'anchor' } = expectMembers(options, 'circle: options');
  expectLabelled(anchors, labels);
  const classes = Int32Array.from(labels);
  return passOver(pairScores(anchors, candidates), (scores, slopes, [n]) => {
    const size = over === 'anchor' ? n : n * n;
    const [positives, negatives] = [new Float64Array(size), new Float64Array(size)];
    let total = 0;
    for (let first = 0; first < n * n; first += size) {
      for (let at = 0; at < size; at++) {
        const place = first + at;
        const score = scores[place]!;
        const same = classes[Math.floor(place / n)] === classes[place % n];
        positives[at] = same ? gamma * weight(1 + margin - score) * (1 - margin - score) : -Infinity;
        negatives[at] = same ? -Infinity : gamma * weight(score + margin) * (score - margin);
      }
      const [cost, along] = softplus(softmaxInPlace(positives) + softmaxInPlace(negatives));
      total += cost;
      const slope = (gamma * along * size) / (n * n);
      for (let at = 0; at < size; at++) {
        const score = scores[first + at]!;
        const pulled = weight(1 + margin - score) * positives[at]!;
        slopes[first + at] = slope * (weight(score + margin) * negatives[at]! - pulled);
      }
    }
    return (total * size) / (n * n);
  });
}

/** A constant to the gradient; NaN stays. */
function weight(distance: number): number {
  return Math.max(distance, 0);
}
