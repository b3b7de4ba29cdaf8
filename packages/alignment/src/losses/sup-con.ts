import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectLabels, ownLabels } from './label-masks.ts';
import { expectPairs, type Labels } from './pairs.ts';
import { softmaxInPlace } from './plain-softmax.ts';
import { type Numbers, passOverOwn } from './score-pass.ts';

export interface SupConOptions {
  /** Cosines are divided by it. */
  readonly temperature?: number;
  /** Where the mean over positives is taken: outside the logarithm (`L_out`, the better one) or inside. */
  readonly mean?: 'outside' | 'inside';
}

/**
 * Supervised contrastive loss over the `2n` rows of both, Khosla et al. 2020, arXiv:2004.11362.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` has the label of row `i` of `a`.
 * @param labels One for each pair.
 * @returns Mean over the `2n` anchors, in nats. `temperature` defaults to 0.1.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape or there is not one label for each row.
 */
export function supCon(a: tf.Tensor2D, b: tf.Tensor2D, labels: Labels, options: SupConOptions = {}): tf.Scalar {
  const { temperature = 0.1, mean = 'outside' } = expectMembers(options, 'supCon: options');
  expectPairs(a, b);
  expectLabels(labels, a.shape[0]);
  const both = Int32Array.from([...Array.from(labels), ...Array.from(labels)]);
  return passOverOwn(tf.concat([a, b]), (scores, slopes, [n]) => {
    const [all, positives] = [new Float64Array(n), new Float64Array(n)];
    let total = 0;
    for (let i = 0; i < n; i++) {
      readRow(scores, i, { both, temperature, all, positives });
      const count = positives.reduce((found, score) => found + Number(score > -Infinity), 0);
      total += softmaxInPlace(all) - (mean === 'outside' ? spread(positives, count) : insideMean(positives, count));
      for (let j = 0; j < n; j++) slopes[i * n + j] = (all[j]! - positives[j]!) / (temperature * n);
    }
    return total / n;
  });
}

interface AnchorRow {
  readonly both: Int32Array;
  readonly temperature: number;
  readonly all: Float64Array;
  readonly positives: Float64Array;
}

/** The scores of an anchor with all others and with its positives, -Infinity elsewhere. */
function readRow(scores: Numbers, i: number, { both, temperature, all, positives }: AnchorRow): void {
  const n = both.length;
  for (let j = 0; j < n; j++) {
    all[j] = i === j ? -Infinity : scores[i * n + j]! / temperature;
    positives[j] = both[i] === both[j] ? all[j]! : -Infinity;
  }
}

/** The mean of the positives, whose slopes take their place. */
function spread(positives: Float64Array, count: number): number {
  let sum = 0;
  for (let j = 0; j < positives.length; j++) {
    if (positives[j]! > -Infinity) sum += positives[j]!;
    positives[j] = positives[j]! > -Infinity ? 1 / count : 0;
  }
  return sum / count;
}

/** The logarithm of the mean of their exponentials, whose slopes take their place. */
function insideMean(positives: Float64Array, count: number): number {
  return softmaxInPlace(positives) - Math.log(count);
}

/**
 * NT-Xent of SimCLR, Chen et al. 2020, arXiv:2002.05709: the partner of each of the `2n` rows among all others.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @returns Mean over the `2n` rows, in nats.
 */
export function ntXent(a: tf.Tensor2D, b: tf.Tensor2D, temperature = 0.5): tf.Scalar {
  expectPairs(a, b);
  return supCon(a, b, ownLabels(a.shape[0]), { temperature });
}
