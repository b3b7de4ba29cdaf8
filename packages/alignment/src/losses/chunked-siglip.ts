import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { blockLoss, type BlockLoss } from './block-loss.ts';
import { expectPairs, expectScalar, scaleOf } from './pairs.ts';

/**
 * `siglip` that never holds the `[n, n]` scores: blocks of columns are independent of each other.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @param parameters `logScale` and `bias` of `siglip`.
 * @param chunk Number of columns held at a time.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function chunkedSiglip(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  parameters: { readonly logScale: tf.Tensor | number; readonly bias: tf.Tensor | number },
  chunk: number,
): tf.Scalar {
  const { logScale, bias } = expectMembers(parameters, 'chunkedSiglip: parameters', 'logScale', 'bias');
  expectPairs(a, b);
  expectScalar(bias, 'loss: bias');
  const offset = typeof bias === 'number' ? tf.scalar(bias) : bias;
  return blockLoss([a, b, scaleOf(logScale), offset], chunk, (...logits) => siglipOf(a.shape[0], ...logits));
}

function siglipOf(n: number, scale: number, bias: number): BlockLoss {
  return {
    slopes: ({ at, count, scores, passes }, to) =>
      passes.sigmoid(scores, to, { columns: count, first: at, scale, bias, weight: 1 / n }),
  };
}
