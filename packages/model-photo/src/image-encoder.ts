import type { Encoder, ImageBatch } from '@diptych/core';
import { type MobileNetV1, mobileNetV1Config, type MobileNetV1Config, mobileNetV1Spec } from '@diptych/image-encoder';
import {
  linear,
  type Linear,
  linearSpec,
  type ParamsOf,
  type Projection,
  projectionSpec,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { areas, coloursOf } from './colours.ts';
import type { PhotoConfig } from './config.ts';

export type ImageTower = {
  readonly network: MobileNetV1;
  readonly classifier: Linear;
  /** Of red, green and blue to colours that have names. */
  readonly palette: Linear;
  /** Of classes, and of the colours of each area, to the space. */
  readonly map: Projection;
};

export function imageSpec({ dim, image: { classes, alpha, colours } }: PhotoConfig): ImageTower {
  const network = mobileNetV1Config(alpha);
  return {
    network: mobileNetV1Spec(network),
    classifier: linearSpec(lastOf(network), classes),
    palette: linearSpec(3, colours),
    map: projectionSpec(classes + areas * colours, dim),
  };
}

/**
 * What a classifier says of a photo, by the words for its classes: ConSE of Norouzi et al. 2014, arXiv:1312.5650, with
 * `ln(1 + share / floor)` for the shares of the first few classes; and the colours of its areas, seen in the same way.
 *
 * @param network MobileNet v1 with the parameters of `params.network`.
 */
export function imageEncoder(
  { dim, image: { temperature, floor, colourFloor } }: PhotoConfig,
  params: ParamsOf<ImageTower>,
  network: Encoder<ImageBatch>,
): Encoder<ImageBatch> {
  return {
    dim,
    variables: variablesOf(params),
    forward(batch) {
      const logits = linear(params.classifier, network.forward(batch));
      const shares = tf.softmax(tf.div(logits, temperature));
      const said = tf.log<tf.Tensor2D>(tf.add(tf.div(shares, floor), 1));
      const coloured = coloursOf(tf.tensor4d(batch.pixels, [...batch.shape]), params.palette, colourFloor);
      return linear(params.map, tf.concat([said, coloured], 1));
    },
  };
}

function lastOf({ stemWidth, blocks }: MobileNetV1Config): number {
  return blocks.at(-1)?.outputs ?? stemWidth;
}
