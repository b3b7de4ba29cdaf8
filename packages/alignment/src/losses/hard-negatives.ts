import { expectMembers } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { maxScale } from './info-nce.ts';
import { pairScores, scaleOf } from './pairs.ts';
import { softmaxInPlace } from './plain-softmax.ts';
import { passOver } from './score-pass.ts';

export interface HardNegativeOptions {
  /** Whether rows of `b` also find their partner among those of `a`, at half the weight each; default `false`. */
  readonly symmetric?: boolean;
}

/**
 * InfoNCE of matches among the batch and more rows that match nothing of it, such as mined negatives or rows of earlier batches:
 * Karpukhin et al. 2020, arXiv:2004.04906 (`MultipleNegativesRankingLoss` of sentence-transformers, with columns of negatives).
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @param negatives `[m, d]` unit rows.
 * @param logScale As of `infoNce`.
 * @returns Mean over the rows of `a`, in nats.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape, or the negatives in columns.
 */
export function hardNegativeInfoNce(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  negatives: tf.Tensor2D,
  logScale: tf.Tensor | number,
  options: HardNegativeOptions = {},
): tf.Scalar {
  const { symmetric = false } = expectMembers(options, 'hardNegativeInfoNce: options');
  expectTensor(negatives, 'hardNegativeInfoNce: negatives', ['m', a?.shape?.[1] ?? 'd']);
  const scores = tf.concat([pairScores(a, b), tf.matMul(a, negatives, false, true)], 1);
  const logits = tf.mul<tf.Tensor2D>(scores, scaleOf(logScale, maxScale));
  return passOver(logits, (values, slopes, [n, columns]) => {
    const weight = symmetric ? 0.5 / n : 1 / n;
    const forward = Array.from({ length: n }, (_, i) =>
      lineSum(values, slopes, [i * columns, 1, columns], [i, weight]),
    );
    const back = symmetric
      ? Array.from({ length: n }, (_, j) => lineSum(values, slopes, [j, columns, n], [j, weight]))
      : [];
    return [...forward, ...back].reduce((sum, cost) => sum + cost, 0) * weight;
  });
}

/** Cross-entropy of one line, whose slopes are added to those there. */
function lineSum(
  values: Float32Array,
  slopes: Float32Array,
  [begin, step, count]: readonly [number, number, number],
  [own, weight]: readonly [number, number],
): number {
  const line = Float64Array.from({ length: count }, (_, i) => values[begin + i * step]!);
  const match = line[own]!;
  const cost = softmaxInPlace(line) - match;
  for (let i = 0; i < count; i++) slopes[begin + i * step]! += weight * (line[i]! - Number(i === own));
  return cost;
}
