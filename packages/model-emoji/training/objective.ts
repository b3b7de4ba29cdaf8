import { infoNce } from '@diptych/alignment';
import type { ImageBatch, TextBatch } from '@diptych/core';
import { constant, l2Normalize, logSoftmax, normal, param, type Param, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { EmojiConfig } from '../src/config.ts';
import { type ImageTower, imageSpec, imageEncoder } from '../src/image-encoder.ts';
import { type TextTower, textSpec, textEncoder } from '../src/text-encoder.ts';

export interface Batch {
  readonly texts: TextBatch;
  /** Numbers of the emoji that each text stands for. */
  readonly of: readonly (readonly number[])[];
  /** Absent while texts are trained alone. The first texts are theirs, one for each. */
  readonly images?: ImageBatch;
  /** Number of each image's emoji. */
  readonly emoji?: readonly number[];
}

/** What is trained; only the towers and `logScale` are kept. */
export type TrainingSpec = {
  readonly text: TextTower;
  readonly image: ImageTower;
  /** One vector for each emoji, which both towers aim at. */
  readonly anchors: Param<readonly [emoji: number, dim: number]>;
  readonly textScale: { readonly logScale: Param<readonly []> };
  readonly imageScale: { readonly logScale: Param<readonly []> };
  /** Between images and texts. */
  readonly logScale: Param<readonly []>;
};

export function trainingSpec(config: EmojiConfig, emoji: number): TrainingSpec {
  return {
    text: textSpec(config),
    image: imageSpec(config),
    anchors: param([emoji, config.dim], normal(1)),
    textScale: { logScale: param([], constant(Math.log(16))) },
    imageScale: { logScale: param([], constant(Math.log(16))) },
    logScale: param([], constant(Math.log(1 / 0.07))),
  };
}

/**
 * Both towers aim at the vectors of their emoji among those of all (a softmax over classes, which costs little and has
 * every negative in it), and images and texts of a batch at each other (`infoNce`).
 */
export function objective(config: EmojiConfig, params: ParamsOf<TrainingSpec>): (batch: Batch) => tf.Scalar {
  const text = textEncoder(config, params.text);
  const image = imageEncoder(config, params.image);
  return ({ texts, of, images, emoji }) => {
    const anchors = l2Normalize(params.anchors);
    const words = l2Normalize(text.forward(texts));
    const named = aim(words, anchors, of, params.textScale.logScale);
    if (!images || !emoji) return named;
    const pictures = l2Normalize(image.forward(images));
    const own = emoji.map((one) => [one]);
    const seen = aim(pictures, anchors, own, params.imageScale.logScale);
    return tf.add(tf.add(seen, tf.mul(named, 0.5)), infoNce(pictures, firstOf(words, emoji.length), params.logScale));
  };
}

function firstOf(rows: tf.Tensor2D, count: number): tf.Tensor2D {
  return tf.slice(rows, [0, 0], [count, -1]);
}

/** Mean cross-entropy of rows with all anchors, in nats; the target is uniform over those that `of` numbers. */
function aim(
  rows: tf.Tensor2D,
  anchors: tf.Tensor2D,
  of: readonly (readonly number[])[],
  logScale: tf.Tensor,
): tf.Scalar {
  const shape: [number, number] = [rows.shape[0], anchors.shape[0]];
  const targets = new Float32Array(shape[0] * shape[1]);
  of.forEach((owners, i) => {
    for (const owner of owners) targets[i * shape[1] + owner] = 1 / owners.length;
  });
  const logits = tf.mul<tf.Tensor2D>(tf.matMul(rows, anchors, false, true), tf.exp(logScale));
  const likelihood = tf.sum(tf.mul(logSoftmax(logits), tf.tensor2d(targets, shape)), -1);
  return tf.neg(tf.mean<tf.Scalar>(likelihood));
}
