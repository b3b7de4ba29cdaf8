import { EmbeddingError, type ScoreBlock } from '@diptych/core';
import { runFusedAll } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Numbers, runOver } from './score-pass.ts';

/** What is done with the blocks of a score matrix. */
export interface BlockPass {
  /** Called with every block first. */
  readonly read?: (block: ScoreBlock) => void;
  /** Makes a matrix like the scores of a block, zeros before. */
  readonly write?: (block: ScoreBlock, matrix: Numbers) => void;
}

/**
 * Passes over the scores of `a` `[n, d]` and `b` `[n, d]`, `chunk` columns at a time, in any order.
 *
 * @param gradients Whether to give the product of what was written with `b`, and of its transpose with `a`.
 * @throws {EmbeddingError} `CONFIG_INVALID` when `chunk` is not a whole number from 1.
 */
export function passOverBlocks(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { chunk, gradients, ...pass }: BlockPass & { readonly chunk: number; readonly gradients: boolean },
): tf.Tensor[] {
  if (!Number.isInteger(chunk) || chunk < 1) {
    throw new EmbeddingError('CONFIG_INVALID', { where: 'chunk', expected: 'a whole number from 1', got: chunk });
  }
  const fused = runFusedAll('DiptychPairBlocks', { a, b }, { chunk, gradients, ...pass });
  if (fused) return fused;
  const parts: { readonly a: tf.Tensor[]; readonly b: tf.Tensor[] } = { a: [], b: [] };
  const { read, write } = pass;
  if (read) eachBlock(a, b, chunk, read);
  if (write) {
    eachBlock(a, b, chunk, write, (matrix, rows) => {
      if (!gradients) return;
      parts.a.push(tf.keep(tf.matMul(matrix, rows)));
      parts.b.push(tf.keep(tf.matMul(matrix, a, true, false)));
    });
  }
  return gradients ? [joined(parts.a, tf.addN), joined(parts.b, tf.concat)] : [];
}

function eachBlock(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  chunk: number,
  f: (block: ScoreBlock, matrix: Numbers) => void,
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

/** One of all, which are freed. */
function joined(parts: tf.Tensor[], join: (parts: tf.Tensor[]) => tf.Tensor): tf.Tensor {
  const whole = join(parts);
  tf.dispose(parts);
  return whole;
}
