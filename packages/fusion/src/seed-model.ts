import { EmbeddingError, type Encoder, expectObjects, type ImageBatch, type TextBatch } from '@diptych/core';
import {
  type BiasedConv2d,
  biasedConv2dSpec,
  conv2d,
  gatherRows,
  globalAveragePool,
  type Linear,
  lookup,
  type LookupParam,
  maskedMean,
  normal,
  type ParamsOf,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { concatLinear, concatLinearSpec } from './concat-linear.ts';

const vocabSize = 1000;
const width = 256;
const head = { parts: { text: width, image: width }, dim: width };

/** Texts and images that belong together, one image for each text. */
export interface SeedBatch {
  readonly text: TextBatch;
  readonly image: ImageBatch;
}

export type SeedModel = {
  /** `[1000, 256]`. */
  readonly tokens: LookupParam;
  /** 3 x 3, from 3 to 256 channels. */
  readonly conv: BiasedConv2d;
  /** From 512 to 256 values. */
  readonly head: Linear;
};

export function seedModelSpec(): SeedModel {
  return {
    tokens: lookup(vocabSize, width, normal(1)),
    conv: biasedConv2dSpec(3, 3, width),
    head: concatLinearSpec(head),
  };
}

/**
 * The smallest model that joins text and image: the mean of the text's word vectors beside the mean of one convolution,
 * then one linear layer. One vector stands for the pair, so it cannot find an image for a text.
 *
 * `forward` gives `[n, 256]`. It throws `INPUT_INVALID` for an id outside the 1000 words, `SHAPE_MISMATCH` when images
 * are not RGB or as many as the texts.
 */
export function seedModel(params: ParamsOf<SeedModel>): Encoder<SeedBatch> {
  return {
    dim: width,
    variables: variablesOf(params),
    forward: ({ text, image }) => seedHead(params.head, textFeatures(params, text), imageFeatures(params, image)),
  };
}

/**
 * The joint vectors of pooled text and image features, both `[n, 256]`.
 *
 * The article that the model comes from joins features that do not fit: word vectors that are not pooled, and a map of
 * pixels laid flat.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` for those, and any other shape; it says how to pool them.
 */
export function seedHead(params: ParamsOf<Linear>, text: tf.Tensor, image: tf.Tensor): tf.Tensor2D {
  expectObjects({ params });
  const fits = [text, image].every((x) => x.rank === 2 && x.shape[0] === text.shape[0] && x.shape[1] === width);
  if (fits) return concatLinear(params, [text as tf.Tensor2D, image as tf.Tensor2D]);
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where: 'seed model',
    expected: `text [n, ${width}] and image [n, ${width}]`,
    got: `[${text.shape}] and [${image.shape}]`,
    cure:
      'take the masked mean over words and the mean over height and width first (maskedMean, globalAveragePool): as printed, ' +
      `the article joins word vectors [n, length, ${width}] with a map laid flat [n, ${width} * height * width], ` +
      `which have no common axis and do not make the ${2 * width} inputs of its linear layer`,
  });
}

function textFeatures({ tokens }: ParamsOf<SeedModel>, { ids, mask, shape }: TextBatch): tf.Tensor2D {
  const [n, length] = shape;
  if (ids.length !== n * length || mask.length !== n * length) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'seed model: text',
      expected: `${n * length} ids and mask for [${shape}]`,
      got: `${ids.length} and ${mask.length}`,
    });
  }
  const unknown = ids.find((id) => id < 0 || id >= vocabSize);
  if (unknown !== undefined) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'seed model: text',
      expected: `ids below ${vocabSize}`,
      got: unknown,
    });
  }
  const words = tf.reshape<tf.Rank.R3>(gatherRows(tokens, ids), [n, length, width]);
  return maskedMean(words, tf.tensor2d(mask, [n, length], 'float32'));
}

function imageFeatures({ conv }: ParamsOf<SeedModel>, { pixels, shape }: ImageBatch): tf.Tensor2D {
  const [n, height, across, channels] = shape;
  if (channels !== 3 || pixels.length !== n * height * across * channels) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'seed model: image',
      expected: `as many RGB values as [${shape}] has`,
      got: pixels.length,
    });
  }
  return globalAveragePool(conv2d(conv, tf.tensor4d(pixels, [n, height, across, channels]), { padding: 1 }));
}
