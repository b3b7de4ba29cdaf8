import { expectTensor } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { expectLabels } from './label-masks.ts';
import { expectPairs, type Labels } from './pairs.ts';

/**
 * MarginMSE, Hofstätter et al. 2020 (arXiv:2010.02666; `MarginMSELoss` of sentence-transformers): a student learns by how much a
 * teacher, such as a cross-encoder, scores a match above a negative.
 *
 * @param queries `[n, d]`.
 * @param positives `[n, d]`; row `i` matches row `i` of the queries.
 * @param negatives `[n, d]`; row `i` does not.
 * @param margins The teacher's score of each match less that of the negative, in units of dot products.
 * @returns Mean squared difference of the margins.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape or there is not one margin for each row.
 */
export function marginMse(
  queries: tf.Tensor2D,
  positives: tf.Tensor2D,
  negatives: tf.Tensor2D,
  margins: Labels,
): tf.Scalar {
  expectPairs(queries, positives);
  expectTensor(negatives, 'marginMse: negatives', queries.shape);
  expectLabels(margins, queries.shape[0]);
  const own = tf.sum(tf.mul(queries, tf.sub(positives, negatives)), -1);
  return tf.mean(tf.squaredDifference(own, tf.tensor1d(Float32Array.from(margins))));
}
