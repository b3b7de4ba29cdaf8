import type { ScorePasses } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Numbers, onlyOnce, runOver } from './score-pass.ts';

/** Some columns of a score matrix. */
export interface Block {
  /** First of them; how many there are. */
  readonly at: number;
  readonly count: number;
  /** Dot products with every row of `a`, `[n, count]`. */
  readonly scores: Numbers;
  readonly passes: ScorePasses;
}

/** Calls `f` for every `chunk` rows of `b`, in order; a matrix like the scores may be made of each. */
export function eachBlock(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  chunk: number,
  f: (block: Block, matrix: Numbers) => void,
  take: (matrix: tf.Tensor2D, rows: tf.Tensor2D) => void = () => undefined,
): void {
  for (let at = 0; at < b.shape[0]; at += chunk) {
    tf.tidy(() => {
      const rows = tf.slice2d(b, [at, 0], [Math.min(chunk, b.shape[0] - at), -1]);
      const products = tf.matMul<tf.Tensor2D>(a, rows, false, true);
      const count = rows.shape[0];
      const matrix = runOver(products, (scores, to, passes) => f({ at, count, scores, passes }, to));
      take(matrix, rows);
    });
  }
}

/** A loss of logits `scale · a · bᵀ + bias`, by blocks of columns. */
export interface BlockLoss {
  /** Called with every block first, where slopes depend on all of them. */
  readonly read?: (block: Block) => void;
  /** Writes the slopes by the logits of a block; gives the part of its loss, and the slopes by scale and bias. */
  readonly slopes: (block: Block, to: Numbers) => BlockSlopes;
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
  const operation = tf.customGrad((...given) => {
    const [a, b, scale, bias, save] = given as unknown as [...typeof inputs, tf.GradSaveFunc];
    const factor = scale.dataSync()[0]!;
    const { read, slopes } = of(factor, bias.dataSync()[0]!);
    if (read) eachBlock(a, b, chunk, read);
    const found = passOverBlocks(a, b, chunk, slopes);
    save(found.rows);
    const gradFunc = (dy: tf.Tensor, rows: tf.Tensor[]) => {
      const slope = onlyOnce(dy);
      const ofRows = tf.mul(slope, factor);
      return [...rows.map((one) => tf.mul(one, ofRows)), ...[found.scale, found.bias].map((one) => tf.mul(slope, one))];
    };
    return { value: tf.scalar(found.loss), gradFunc };
  });
  return operation(...inputs);
}

/** The loss; its slopes by scale and bias; by rows, without the scale, where a gradient is recorded. */
function passOverBlocks(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  chunk: number,
  slopes: BlockLoss['slopes'],
): BlockSlopes & { readonly rows: tf.Tensor[] } {
  const parts: { readonly a: tf.Tensor[]; readonly b: tf.Tensor[] } = { a: [], b: [] };
  const total = { loss: 0, scale: 0, bias: 0 };
  const add = (block: Block, to: Numbers) => {
    const found = slopes(block, to);
    total.loss += found.loss;
    total.scale += found.scale;
    total.bias += found.bias;
  };
  const recorded = tf.engine().state.gradientDepth > 0;
  eachBlock(a, b, chunk, add, (matrix, rows) => {
    if (!recorded) return;
    parts.a.push(tf.keep(tf.matMul(matrix, rows)));
    parts.b.push(tf.keep(tf.matMul(matrix, a, true, false)));
  });
  return { ...total, rows: recorded ? [joined(parts.a, tf.addN), joined(parts.b, tf.concat)] : [] };
}

/** One of all, which are freed. */
function joined(parts: tf.Tensor[], join: (parts: tf.Tensor[]) => tf.Tensor): tf.Tensor {
  const whole = join(parts);
  tf.dispose(parts);
  return whole;
}
