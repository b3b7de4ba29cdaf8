import { logSigmoid } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Block, eachBlock, logitGradients, pairsOf } from './blocks.ts';
import { expectPairs, scaleOf, total } from './pairs.ts';

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
  const n = a.shape[0];
  const operation = tf.customGrad((...given) => {
    const [x, y, scale, offset, save] = given as unknown as [
      tf.Tensor2D,
      tf.Tensor2D,
      tf.Tensor,
      tf.Tensor,
      tf.GradSaveFunc,
    ];
    const losses = eachBlock(x, y, chunk, (block) => total(logSigmoid(signed(block, scale, offset).logits)));
    save([x, y, scale, offset]);
    return {
      value: tf.div(tf.neg(tf.addN(losses)), n),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [first, second, factor, shift] = saved as [tf.Tensor2D, tf.Tensor2D, ...tf.Tensor[]];
        const found = logitGradients(first, second, factor!, chunk, (block) => {
          const { signs, logits } = signed(block, factor!, shift!);
          return tf.div(tf.mul(signs, tf.sigmoid(tf.neg(logits))), -n);
        });
        return [found.a, found.b, found.scale, found.bias].map((gradient) => tf.mul(gradient, dy));
      },
    };
  });
  return operation(a, b, scaleOf(logScale), typeof bias === 'number' ? tf.scalar(bias) : bias) as tf.Scalar;
}

/** 1 for pairs and -1 for others, and the logits times that. */
function signed(block: Block, scale: tf.Tensor, bias: tf.Tensor): { signs: tf.Tensor2D; logits: tf.Tensor2D } {
  const signs = tf.sub<tf.Tensor2D>(tf.mul(pairsOf(block), 2), 1);
  return { signs, logits: tf.mul(tf.add(tf.mul(block.scores, scale), bias), signs) };
}
