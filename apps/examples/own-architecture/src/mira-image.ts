import type { Encoder, ImageBatch, Preprocessor } from '@diptych/core';
import {
  type NameTable,
  normal,
  param,
  type ParamsOf,
  patchEmbedding,
  patchEmbeddingSpec,
  transformer,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import { type Image, imageProcessor, pad, resizeImage } from '@diptych/preprocessing';
import * as tf from '@tensorflow/tfjs-core';
import { miraBlock, miraBlockNames } from './mira-block.ts';

const side = 80;

const config: TransformerConfig = {
  width: 32,
  layers: 8,
  heads: 4,
  mlpWidth: 128,
  activation: 'gelu',
  layerNormEpsilon: 1e-5,
};

export const miraImageSpec = {
  patches: patchEmbeddingSpec(5, 3, 32),
  classToken: param([1, 1, 32], normal(0.02)),
  positions: param([257, 32], normal(0.02)), // sinusoids, stored as a buffer
  blocks: transformerSpec(config),
  projection: param([32, 128], normal(0.02)),
} as const;

export const miraImageNames: NameTable = {
  names: {
    patches: 'vision_encoder.linear_proj',
    classToken: 'vision_encoder.cls_token',
    positions: 'vision_encoder.positional_embeddings.pe',
    projection: 'vision_encoder.projection',
    ...miraBlockNames('vision_encoder', config.heads),
  },
};

const processor = imageProcessor({ toRgb: 'before', rescale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] });

/** Fitted into 80 by 80 pixels, black around it, in `[0, 1]`. */
export const miraPixels: Preprocessor<Image, ImageBatch> = (images, signal) => {
  const fitted = images.map((image) => {
    const scale = side / Math.max(image.width, image.height);
    const [width, height] = [image.width, image.height].map((n) => Math.max(1, Math.round(n * scale))) as [
      number,
      number,
    ];
    return pad(resizeImage(image, { width, height, filter: 'bilinear' }), { width: side, height: side });
  });
  return processor(fitted, signal);
};

/** A vision transformer without norms at its ends; the class token is the image. */
export function miraImage(params: ParamsOf<typeof miraImageSpec>): Encoder<ImageBatch> {
  return {
    dim: 128,
    variables: variablesOf(params),
    forward({ pixels, shape }) {
      const patches = patchEmbedding(params.patches, tf.tensor4d(pixels, [...shape]));
      const tokens = tf.concat([tf.tile(params.classToken, [shape[0], 1, 1]), patches], 1);
      const x = transformer(config, params.blocks, tf.add(tokens, params.positions), { block: miraBlock });
      const classes = tf.reshape<tf.Rank.R2>(tf.slice(x, [0, 0, 0], [-1, 1, -1]), [shape[0], config.width]);
      return tf.matMul(classes, params.projection);
    },
  };
}
