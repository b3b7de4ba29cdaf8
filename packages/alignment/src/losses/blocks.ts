import * as tf from '@tensorflow/tfjs-core';
import { total } from './pairs.ts';

/** Some columns of a score matrix. */
export interface Block {
  /** First of them. */
  readonly at: number;
  /** The rows of `b` that they belong to, `[count, d]`. */
  readonly rows: tf.Tensor2D;
  /** Dot products with every row of `a`, `[n, count]`. */
  readonly scores: tf.Tensor2D;
}

/** Calls `f` for every `chunk` rows of `b`, in order, and keeps of each block what `f` returns. */
export function eachBlock<T extends tf.TensorContainer>(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  chunk: number,
  f: (block: Block) => T,
): T[] {
  const starts = Array.from({ length: Math.ceil(b.shape[0] / chunk) }, (_, i) => i * chunk);
  return starts.map((at) =>
    tf.tidy(() => {
      const rows = tf.slice2d(b, [at, 0], [Math.min(chunk, b.shape[0] - at), -1]);
      return f({ at, rows, scores: tf.matMul(a, rows, false, true) });
    }),
  );
}

/** 1 where a row of the block's scores belongs to its column, `[n, count]`. */
export function pairsOf({ at, scores }: Block): tf.Tensor2D {
  const [n, count] = scores.shape;
  const first = tf.expandDims(tf.range(0, n, 1, 'int32'), 1);
  return tf.cast(tf.equal<tf.Tensor2D>(first, tf.expandDims(tf.range(at, at + count, 1, 'int32'), 0)), 'float32');
}

/** Gradients of a loss of `scale · a · bᵀ + bias`. */
export interface LogitGradients {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
  readonly scale: tf.Tensor;
  readonly bias: tf.Tensor;
}

/** Sums up `gradient`, the loss's gradient to the logits of one block `[n, count]`, over all blocks. */
export function logitGradients(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  scale: tf.Tensor,
  chunk: number,
  gradient: (block: Block) => tf.Tensor2D,
): LogitGradients {
  const parts = eachBlock(a, b, chunk, (block) => {
    const g = gradient(block);
    return {
      a: tf.matMul(g, block.rows),
      b: tf.matMul(g, a, true, false),
      scale: total(tf.mul(g, block.scores)),
      bias: total(g),
    };
  });
  const sum = (role: keyof LogitGradients) => tf.addN(parts.map((part) => part[role]));
  return {
    a: tf.mul(sum('a'), scale),
    b: tf.mul(tf.concat(parts.map((part) => part.b)), scale),
    scale: sum('scale'),
    bias: sum('bias'),
  };
}
