import { maskedMean } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * How the tokens of a text become one vector, in the names of sentence-transformers. `cls` is the first token,
 * `mean_sqrt_len` the sum over the square root of the number of tokens.
 */
export type TokenPooling = 'cls' | 'mean' | 'max' | 'sum' | 'mean_sqrt_len';

/**
 * One vector for each text, `[n, width]`, of the tokens that count.
 *
 * @param tokens `[n, length, width]`.
 * @param mask `[n, length]`, 1 where a token counts.
 */
export function poolTokens(tokens: tf.Tensor3D, mask: tf.Tensor2D, pooling: TokenPooling): tf.Tensor2D {
  return poolings[pooling](tokens, mask);
}

const poolings: Readonly<Record<TokenPooling, (tokens: tf.Tensor3D, mask: tf.Tensor2D) => tf.Tensor2D>> = {
  cls: (tokens) => tf.squeeze(tf.slice(tokens, [0, 0, 0], [-1, 1, -1]), [1]),
  mean: maskedMean,
  max: (tokens, mask) => tf.max(tf.add(tokens, tf.mul(tf.sub(tf.expandDims(mask, 2), 1), 1e9)), 1),
  sum: (tokens, mask) => tf.sum(tf.mul(tokens, tf.expandDims(mask, 2)), 1),
  mean_sqrt_len: (tokens, mask) => {
    const count = tf.maximum(tf.sum(mask, 1, true), 1e-9);
    return tf.div(poolings.sum(tokens, mask), tf.sqrt(count));
  },
};
