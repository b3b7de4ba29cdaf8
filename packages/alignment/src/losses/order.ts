import { expectMembers } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { hinge, type MiningOptions } from './hinge.ts';
import { expectRows } from './pairs.ts';

/** Below it a violation has no gradient; its square root is 1e-12. */
const smallestSquare = 1e-24;

/**
 * Max of hinges on the order violation, Vendrov et al. 2016, arXiv:1511.06361: a text is above its image.
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
  expectRows(images, 'loss: images');
  expectTensor(texts, 'loss: texts', ['n', images.shape[1]]);
  // [images, texts, d]
  const violations = tf.relu(tf.sub(tf.expandDims(texts, 0), tf.expandDims(images, 1)));
  return tf.neg(tf.sqrt(tf.maximum(tf.sum(tf.square(violations), -1), smallestSquare)));
}
