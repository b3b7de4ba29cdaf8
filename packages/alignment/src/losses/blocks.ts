import * as tf from '@tensorflow/tfjs-core';
import { type Numbers, onlyOnce, runOver } from './score-pass.ts';

/** Some columns of a score matrix. */
export interface Block {
  /** First of them; how many there are. */
  readonly at: number;
  readonly count: number;
  /** Dot products with every row of `a`, `[n, count]`. */
  readonly scores: Numbers;
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
      const matrix = runOver(products, (scores, to) => f({ at, count: rows.shape[0], scores }, to));
      take(matrix, rows);
    });
  }
}

/** A loss of logits `scale · a · bᵀ + bias`, by blocks of columns. */
export interface BlockLoss {
  readonly loss: (blocks: (f: (block: Block) => void) => void) => number;
  /** The slopes of the loss by the logits of a block. */
  readonly slopes: (block: Block, to: Numbers) => void;
}

/**
 * A loss that never holds the `[n, n]` scores: blocks are computed once for its value and once for its gradients by `a`,
 * `b`, `scale` and `bias`.
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
    const [factor, offset] = [scale.dataSync()[0]!, bias.dataSync()[0]!];
    const { loss, slopes } = of(factor, offset);
    const value = tf.scalar(loss((f) => eachBlock(a, b, chunk, f)));
    save([a, b]);
    const gradFunc = (dy: tf.Tensor, [x, y]: tf.Tensor[]) => {
      const found = gradients(x as tf.Tensor2D, y as tf.Tensor2D, chunk, slopes);
      const rows = [found.a, found.b].map((gradient) => tf.mul(gradient, factor));
      return [...rows, tf.scalar(found.scale), tf.scalar(found.bias)].map((one) => tf.mul(one, onlyOnce(dy)));
    };
    return { value, gradFunc };
  });
  return operation(...inputs);
}

interface Gradients {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
  readonly scale: number;
  readonly bias: number;
}

/** By the logits' factors, without the scale. */
function gradients(a: tf.Tensor2D, b: tf.Tensor2D, chunk: number, slopes: BlockLoss['slopes']): Gradients {
  const parts: { readonly a: tf.Tensor[]; readonly b: tf.Tensor[] } = { a: [], b: [] };
  let [scale, bias] = [0, 0];
  const slopesOf = (block: Block, to: Numbers) => {
    slopes(block, to);
    for (let at = 0; at < to.length; at++) {
      scale += to[at]! * block.scores[at]!;
      bias += to[at]!;
    }
  };
  eachBlock(a, b, chunk, slopesOf, (matrix, rows) => {
    parts.a.push(tf.keep(tf.matMul(matrix, rows)));
    parts.b.push(tf.keep(tf.matMul(matrix, a, true, false)));
  });
  return { a: joined(parts.a, tf.addN), b: joined(parts.b, tf.concat), scale, bias };
}

/** One of all, which are freed. */
function joined(parts: tf.Tensor[], join: (parts: tf.Tensor[]) => tf.Tensor): tf.Tensor {
  const whole = join(parts);
  tf.dispose(parts);
  return whole;
}
