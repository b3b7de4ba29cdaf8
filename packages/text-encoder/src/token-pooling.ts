import { EmbeddingError, type TextBatch } from '@diptych/core';
import { maskedMean, tokensAt } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * How the tokens of a text become one vector, in the names of sentence-transformers. `cls` is the first token, `last`
 * the last that counts, `mean_sqrt_len` the sum over the square root of the number of tokens, `weightedmean` the mean in
 * which a token weighs as much as its place, counted from 1.
 */
export type TokenPooling = 'cls' | 'last' | 'mean' | 'max' | 'sum' | 'mean_sqrt_len' | 'weightedmean';

type PooledBatch = Pick<TextBatch, 'mask' | 'pooled' | 'shape'>;
type Pooling = (tokens: tf.Tensor3D, mask: tf.Tensor2D, batch: PooledBatch) => tf.Tensor2D;

/**
 * One vector for each text, `[n, width]`, of the tokens that the batch's mask counts; of several poolings one beside the
 * other, `[n, poolings * width]`.
 *
 * @param tokens `[n, length, width]`.
 */
export function poolTokens(
  tokens: tf.Tensor3D,
  batch: PooledBatch,
  pooling: TokenPooling | readonly TokenPooling[],
): tf.Tensor2D {
  const mask = maskOf(pooledPart(batch));
  const pool = (one: TokenPooling): tf.Tensor2D => poolings[one](tokens, mask, batch);
  return typeof pooling === 'string' ? pool(pooling) : tf.concat(pooling.map(pool), 1);
}

/** `[n, length]`, 1 where a token counts. */
export function maskOf({ mask, shape }: Pick<TextBatch, 'mask' | 'shape'>): tf.Tensor2D {
  return tf.tensor2d(mask, [...shape], 'float32');
}

/** The same texts, of which only what is pooled counts. */
function pooledPart({ mask, pooled = mask, shape }: PooledBatch): Pick<TextBatch, 'mask' | 'shape'> {
  return { mask: pooled, shape };
}

/** Where the one token that is read stands in each text; undefined where a pooling reads more. */
function positionsRead(batch: PooledBatch, pooling: TokenPooling | readonly TokenPooling[]): number[] | undefined {
  const [one, ...others] = typeof pooling === 'string' ? [pooling] : pooling;
  if (one === 'cls' && others.length === 0) return firstPositions(batch);
  return one === 'last' && others.length === 0 ? lastPositions(batch) : undefined;
}

/**
 * One vector for each text of the states of its tokens.
 *
 * @param states Of all tokens, `[n, length, width]`, or of those at one position of each text, `[n, 1, width]`.
 */
export function pooledStates(
  batch: PooledBatch,
  pooling: TokenPooling | readonly TokenPooling[],
  states: (at?: readonly number[]) => tf.Tensor3D,
): tf.Tensor2D {
  const at = positionsRead(batch, pooling);
  return at ? tf.squeeze(states(at), [1]) : poolTokens(states(), batch, pooling);
}

const poolings: Readonly<Record<TokenPooling, Pooling>> = {
  cls: (tokens, _, batch) => tf.squeeze(tokensAt(tokens, firstPositions(batch)), [1]),
  last: (tokens, _, batch) => tf.squeeze(tokensAt(tokens, lastPositions(batch)), [1]),
  mean: maskedMean,
  max: (tokens, mask) => tf.max(tf.add(tokens, tf.mul(tf.sub(tf.expandDims(mask, 2), 1), 1e9)), 1),
  sum: (tokens, mask) => tf.sum(tf.mul(tokens, tf.expandDims(mask, 2)), 1),
  mean_sqrt_len: (tokens, mask, batch) => {
    // 1e-9 as in sentence-transformers
    const count = tf.maximum(tf.sum(mask, 1, true), 1e-9);
    return tf.div(poolings.sum(tokens, mask, batch), tf.sqrt(count));
  },
  weightedmean: (tokens, mask) => maskedMean(tokens, tf.mul(mask, tf.range(1, tokens.shape[1] + 1))),
};

function firstPositions({ pooled, shape: [n, length] }: PooledBatch): number[] {
  if (!pooled) return Array.from({ length: n }, () => 0);
  return Array.from({ length: n }, (_, i) => Math.max(0, pooled.subarray(i * length, (i + 1) * length).indexOf(1)));
}

function lastPositions({ mask, shape: [n, length] }: PooledBatch): number[] {
  return Array.from({ length: n }, (_, i) => {
    const last = mask.subarray(i * length, (i + 1) * length).lastIndexOf(1);
    if (last < 0)
      throw new EmbeddingError('INPUT_INVALID', { where: `text ${i}`, expected: 'at least one token', got: 'none' });
    return last;
  });
}
