import { EmbeddingError, type ScorePasses } from '@diptych/core';
import { customGradient, runFused } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { plainPasses } from './plain-passes.ts';

/** Numbers of a matrix, row by row. */
export type Numbers = Float32Array;

/**
 * The value of a loss of `scores` `[rows, columns]`, in double precision; its slopes by them go to `slopes`, which are
 * zeros before.
 */
export type ScorePass = (
  scores: Numbers,
  slopes: Numbers,
  shape: readonly [rows: number, columns: number],
  passes: ScorePasses,
) => number;

/**
 * A loss whose value and slopes are computed in one pass over the scores, instead of operation by operation. It has no
 * second gradient.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a gradient of its gradient is asked for.
 */
export function passOver(scores: tf.Tensor2D, pass: ScorePass): tf.Scalar {
  return customGradient([scores], (save, x) => {
    const { value, slopes } = passed(x, pass);
    save([slopes]);
    return { value, gradFunc: (dy: tf.Tensor, [slope]: tf.Tensor[]) => tf.mul(slope!, onlyOnce(dy)) };
  });
}

/** The same of the scores `x · xᵀ`: half the products of a gradient are those of the other half. */
export function passOverOwn(x: tf.Tensor2D, pass: ScorePass): tf.Scalar {
  return customGradient([x], (save, rows) => {
    const { value, slopes } = passed(tf.matMul(rows, rows, false, true), (scores, to, shape, passes) => {
      const total = pass(scores, to, shape, passes);
      addTranspose(to, shape[0]);
      return total;
    });
    save([rows, slopes]);
    const gradFunc = (dy: tf.Tensor, [kept, slope]: tf.Tensor[]) => {
      return tf.mul(tf.matMul(slope as tf.Tensor2D, kept as tf.Tensor2D), onlyOnce(dy));
    };
    return { value, gradFunc };
  });
}

function passed(scores: tf.Tensor2D, pass: ScorePass): { value: tf.Scalar; slopes: tf.Tensor2D } {
  let total = 0;
  const slopes = runOver(scores, (values, to, passes) => (total = pass(values, to, scores.shape, passes)));
  return { value: tf.scalar(total), slopes };
}

/** What `run` makes of the numbers of `x`: in the backend's memory where it has a kernel for that. */
export function runOver(x: tf.Tensor2D, run: (x: Numbers, result: Numbers, passes: ScorePasses) => void): tf.Tensor2D {
  const fused = runFused('DiptychRunOver', { x }, { run });
  if (fused) return fused as tf.Tensor2D;
  const result = new Float32Array(x.size);
  run(x.dataSync<'float32'>(), result, plainPasses);
  return tf.tensor2d(result, x.shape);
}

/** Runs `f` on values of `x` without any of it being recorded for gradients: to choose what is then computed with. */
export function unrecorded(x: tf.Tensor, f: () => void): void {
  const operation = tf.customGrad(() => {
    f();
    return { value: tf.scalar(0), gradFunc: () => tf.zerosLike(x) };
  });
  operation(x).dispose();
}

/** `x + xᵀ` in place. */
function addTranspose(x: Numbers, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) x[i * n + j] = x[j * n + i] = x[i * n + j]! + x[j * n + i]!;
  }
}

/** `dy`, unless a gradient is recorded to which the slopes would be constants. */
export function onlyOnce(dy: tf.Tensor): tf.Tensor {
  if (!tf.engine().isTapeOn()) return dy;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'loss',
    expected: 'one gradient',
    got: 'a gradient of it, which it does not have',
  });
}
