import { expectMembers } from '@diptych/core';
import { expectTensor, linear, type Linear, linearSpec, logSigmoid, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { expectRows } from './pairs.ts';

/** A network with one hidden layer that guesses which modality a row came from. */
export type ModalityDiscriminator = { readonly fc1: Linear; readonly fc2: Linear };

export function modalityDiscriminatorSpec(dim: number, hidden: number): ModalityDiscriminator {
  return { fc1: linearSpec(dim, hidden), fc2: linearSpec(hidden, 1) };
}

/** Logits `[n, 1]`, above 0 where it guesses the first modality. */
export function discriminate(p: ParamsOf<ModalityDiscriminator>, x: tf.Tensor2D): tf.Tensor2D {
  const { fc1, fc2 } = expectMembers(p, 'discriminate: parameters', 'fc1', 'fc2');
  return linear(fc2, linear(fc1, x, { activation: tf.relu }));
}

/**
 * Binary cross-entropy of guessing the modality, as in ACMR, Wang et al. 2017. With `reverseGradient` on its inputs one
 * backward pass trains the discriminator to tell them apart and the encoders to prevent it: Ganin et al. 2016,
 * arXiv:1505.07818.
 *
 * @param a `[n, d]` rows of the first modality.
 * @param b `[m, d]` rows of the second.
 * @param logits Rows to logits `[rows, 1]`.
 * @returns Mean over the `n + m` rows, in nats; `ln 2` when it can only guess.
 */
export function modalityLoss(a: tf.Tensor2D, b: tf.Tensor2D, logits: (rows: tf.Tensor2D) => tf.Tensor): tf.Scalar {
  expectRows(a, 'loss: a');
  expectTensor(b, 'loss: b', ['m', a.shape[1]]);
  const guesses = tf.reshape(logits(tf.concat([a, b])), [-1]);
  const signs = tf.concat([tf.ones([a.shape[0]]), tf.neg(tf.ones([b.shape[0]]))]);
  return tf.neg(tf.mean<tf.Scalar>(logSigmoid(tf.mul(guesses, signs))));
}

/** `x` itself, whose gradient is multiplied by `-weight`. */
export function reverseGradient<T extends tf.Tensor>(x: T, weight: number): T {
  expectMembers(x, 'reverseGradient: x', 'shape');
  const operation = tf.customGrad((...given) => ({
    value: tf.clone(given[0] as T),
    gradFunc: (dy: tf.Tensor) => tf.mul(dy, -weight),
  }));
  return operation(x) as T;
}
