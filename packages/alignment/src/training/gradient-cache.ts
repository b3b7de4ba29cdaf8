import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { type LossGradients, lossGradients } from './gradients.ts';
import type { Named } from './arrays.ts';

export interface GradientCacheOptions<Chunk> {
  /** Parts of the batch, in order. */
  readonly chunks: readonly Chunk[];
  /** Embeddings of one part, one tensor for each tower. It runs twice and must give the same both times. */
  readonly encode: (chunk: Chunk) => readonly tf.Tensor2D[];
  /** Of the whole batch's embeddings, one tensor for each tower. */
  readonly loss: (embeddings: readonly tf.Tensor2D[]) => tf.Scalar;
  /** What `encode` depends on. */
  readonly encoder: Named<tf.Variable>;
  /** What `loss` depends on besides the embeddings, such as a temperature. */
  readonly objective?: Named<tf.Variable>;
}

/**
 * Gradients of a loss of a whole batch in the memory of one part, Gao et al. 2021, arXiv:2101.06983: embed all parts,
 * differentiate the loss to the embeddings, then each part again to the variables. Batch normalisation must be frozen.
 * To be called inside `tf.tidy`, as `trainStep` does.
 */
export function cachedGradients<Chunk>(options: GradientCacheOptions<Chunk>): LossGradients {
  const {
    chunks,
    encode,
    loss,
    encoder,
    objective = new Map(),
  } = expectMembers(options, 'cachedGradients: options', 'chunks', 'encode', 'loss', 'encoder');
  const parts = chunks.map((chunk) => tf.tidy(() => [...encode(chunk)]));
  const whole = parts[0]!.map((_, tower) => tf.concat(parts.map((part) => part[tower]!)));
  const inputs = [...whole, ...objective.values()];
  const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) =>
    loss(given.slice(0, whole.length) as tf.Tensor2D[]),
  )(inputs);
  const gradients = new Map([...objective.keys()].map((name, i) => [name, grads[whole.length + i]!]));
  let at = 0;
  for (const [i, chunk] of chunks.entries()) {
    const rows = parts[i]![0]!.shape[0];
    const towards = grads.slice(0, whole.length).map((gradient) => tf.slice(gradient, [at, 0], [rows, -1]));
    at += rows;
    accumulate(gradients, () => lossGradients(encoder, () => along(encode(chunk), towards)).gradients);
  }
  return { loss: value, gradients };
}

/** `Σ x · direction`, whose gradient is that of the whole loss through this part. */
function along(embeddings: readonly tf.Tensor2D[], directions: readonly tf.Tensor[]): tf.Scalar {
  return tf.addN(embeddings.map((x, tower) => tf.sum<tf.Scalar>(tf.mul(x, directions[tower]!))));
}

function accumulate(total: Map<string, tf.Tensor>, part: () => Named): void {
  const sums = tf.tidy(() => Object.fromEntries([...part()].map(([name, g]) => [name, plus(total.get(name), g)])));
  for (const [name, sum] of Object.entries(sums)) {
    total.get(name)?.dispose();
    total.set(name, sum);
  }
}

function plus(sum: tf.Tensor | undefined, value: tf.Tensor): tf.Tensor {
  return sum ? tf.add(sum, value) : value;
}
