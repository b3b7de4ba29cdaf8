import { expectMembers } from '@diptych/core';
import { expectTensor, l2Normalize } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy } from './cross-entropy.ts';
import { expectLabelled, oneHot } from './label-masks.ts';
import type { Labels } from './pairs.ts';

/** Keeps the sine's gradient finite. */
const largestCosine = 1 - 1e-7;

export interface ArcFaceOptions {
  /** Radians added to the angle to the own class; default 0.5. */
  readonly margin?: number;
  /** What cosines are multiplied by; default 64. */
  readonly scale?: number;
}

/**
 * Additive angular margin loss, Deng et al. 2019, arXiv:1801.07698, without the easy margin.
 *
 * @param x `[n, d]` unit rows.
 * @param labels Class of each row, from 0.
 * @param centres `[classes, d]`, normalised here.
 * @returns Mean over rows, in nats.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when there is not one label for each row.
 */
export function arcFace(x: tf.Tensor2D, labels: Labels, centres: tf.Tensor2D, options: ArcFaceOptions = {}): tf.Scalar {
  const { margin = 0.5, scale = 64 } = expectMembers(options, 'arcFace: options');
  expectLabelled(x, labels);
  expectTensor(centres, 'loss: centres', ['classes', x.shape[1]]);
  const cosines = tf.clipByValue(tf.matMul(x, l2Normalize(centres), false, true), -largestCosine, largestCosine);
  const sines = tf.sqrt(tf.sub(1, tf.square(cosines)));
  // cos(angle + margin)
  const moved = tf.sub(tf.mul(cosines, Math.cos(margin)), tf.mul(sines, Math.sin(margin)));
  const own = oneHot(labels, centres.shape[0]);
  const logits = tf.add<tf.Tensor2D>(cosines, tf.mul(own, tf.sub(moved, cosines)));
  return crossEntropy(tf.mul(logits, scale), own);
}
