import { expectMembers } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { hinge, type HingeOptions, type MiningOptions } from './hinge.ts';
import { expectRows } from './pairs.ts';

/** Below it a violation has no gradient; its square root is 1e-12. */
const smallestSquare = 1e-24;

/**
 * Order embeddings as Vendrov et al. 2016, arXiv:1511.06361, define them: hinges of all wrong pairs on the **squared** violation,
 * `‖max(0, text - image)‖²`. A text is above its image.
 *
 * @param images `[n, d]`, no value below 0, such as `abs` of unit rows.
 * @param texts `[n, d]`, the same; row `i` belongs to row `i` of `images`.
 * @returns Sum over the batch. `margin` defaults to 0.05, the paper's.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape or there is not one label for each row.
 */
export function orderEmbedding(images: tf.Tensor2D, texts: tf.Tensor2D, options: HingeOptions = {}): tf.Scalar {
  const { margin = 0.05, labels } = expectMembers(options, 'orderEmbedding: options');
  return hinge(tf.neg(violations(images, texts)), { margin, labels, negatives: Infinity });
}

/**
 * Max of hinges on the order violation without the square, as the code of VSE++ has it (Faghri et al. 2018, arXiv:1707.05612), and not
 * as Vendrov et al. define it: `orderEmbedding`.
 *
 * @param images `[n, d]`, no value below 0, such as `abs` of unit rows.
 * @param texts `[n, d]`, the same.
 * @returns Sum over the batch. `margin` defaults to 0.05.
 */
export function order(images: tf.Tensor2D, texts: tf.Tensor2D, options: MiningOptions = {}): tf.Scalar {
  const { margin = 0.05, ...mining } = expectMembers(options, 'order: options');
  return hinge(orderScores(images, texts), { margin, ...mining });
}

/**
 * `-‖max(0, text - image)‖` of every image with every text, `[images, texts]`; 0 where the order holds. Whoever searches
 * has to compare likewise: `orderSimilarity` of `@diptych/core`, `orderScores` of `@diptych/evaluation`.
 */
export function orderScores(images: tf.Tensor2D, texts: tf.Tensor2D): tf.Tensor2D {
  return tf.neg(tf.sqrt(tf.maximum(violations(images, texts), smallestSquare)));
}

/** `‖max(0, text - image)‖²` of every image with every text, `[images, texts]`. */
function violations(images: tf.Tensor2D, texts: tf.Tensor2D): tf.Tensor2D {
  expectRows(images, 'loss: images');
  expectTensor(texts, 'loss: texts', ['n', images.shape[1]]);
  // [images, texts, d]
  return tf.sum(tf.square(tf.relu(tf.sub(tf.expandDims(texts, 0), tf.expandDims(images, 1)))), -1);
}
