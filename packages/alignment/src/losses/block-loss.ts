import type { ScoreBlock } from '@diptych/core';
import { customGradient } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type BlockPass, passOverBlocks } from './blocks.ts';
import { type Numbers, onlyOnce } from './score-pass.ts';

/** A loss of logits `scale · a · bᵀ + bias`, by blocks of columns. */
export interface BlockLoss extends Pick<BlockPass, 'read'> {
  /** Writes the slopes by the logits of a block; gives the part of its loss, and the slopes by scale and bias. */
  readonly slopes: (block: ScoreBlock, to: Numbers) => BlockSlopes;
}

interface BlockSlopes {
  readonly loss: number;
  readonly scale: number;
  readonly bias: number;
}

/**
 * A loss that never holds the `[n, n]` scores. Its gradients by `a`, `b`, `scale` and `bias` are computed with its value, of
 * the same blocks.
 *
 * @param of Given the scale and the bias.
 */
export function blockLoss(
  inputs: readonly [a: tf.Tensor2D, b: tf.Tensor2D, scale: tf.Tensor, bias: tf.Tensor],
  chunk: number,
  of: (scale: number, bias: number) => BlockLoss,
): tf.Scalar {
  return customGradient<typeof inputs, tf.Scalar>(inputs, (save, a, b, scale, bias) => {
    const factor = scale.dataSync()[0]!;
    const { slopes, ...pass } = of(factor, bias.dataSync()[0]!);
    const total = { loss: 0, scale: 0, bias: 0 };
    const write = (block: ScoreBlock, to: Numbers) => {
      const found = slopes(block, to);
      total.loss += found.loss;
      total.scale += found.scale;
      total.bias += found.bias;
    };
    save(passOverBlocks(a, b, { ...pass, write, chunk, gradients: tf.engine().state.gradientDepth > 0 }));
    const gradFunc = (dy: tf.Tensor, rows: tf.Tensor[]) => {
      const slope = onlyOnce(dy);
      const ofRows = tf.mul(slope, factor);
      return [...rows.map((one) => tf.mul(one, ofRows)), ...[total.scale, total.bias].map((one) => tf.mul(slope, one))];
    };
    return { value: tf.scalar(total.loss), gradFunc };
  });
}
