import * as tf from '@tensorflow/tfjs-core';
import { type Block, blockLoss, type BlockLoss } from './blocks.ts';
import { expectPairs, scaleOf } from './pairs.ts';
import { softplus } from './score-pass.ts';

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
  { logScale, bias }: { readonly logScale: tf.Tensor | number; readonly bias: tf.Tensor | number },
  chunk: number,
): tf.Scalar {
  expectPairs(a, b);
  const offset = typeof bias === 'number' ? tf.scalar(bias) : bias;
  return blockLoss([a, b, scaleOf(logScale), offset], chunk, (...logits) => siglipOf(a.shape[0], ...logits));
}

function siglipOf(n: number, scale: number, bias: number): BlockLoss {
  // 0 or 1 where the loss or its slope is asked for.
  const each = ({ at, count, scores }: Block, part: 0 | 1, take: (place: number, value: number) => void) => {
    for (let i = 0, place = 0; i < n; i++) {
      for (let j = at; j < at + count; j++, place++) {
        const sign = i === j ? -1 : 1;
        take(place, softplus(sign * (scale * scores[place]! + bias))[part] * (part ? sign : 1));
      }
    }
  };
  return {
    loss: (blocks) => {
      let total = 0;
      blocks((block) => each(block, 0, (_, cost) => (total += cost)));
      return total / n;
    },
    slopes: (block, to) => each(block, 1, (place, slope) => (to[place] = slope / n)),
  };
}
