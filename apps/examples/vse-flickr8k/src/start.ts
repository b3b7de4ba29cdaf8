import type { StoredTensor } from '@diptych/core';
import type { WordWeights } from '@diptych/preprocessing';
import * as tf from '@tensorflow/tfjs-core';
import { firstWord } from './captions.ts';
import type { Views } from './cca-fit.ts';
import type { TowersParams } from './towers.ts';

/** Values of the photos' layer and of the words' vectors, in the layout of `towersSpec`; the GRU is not among them. */
export type Start = Readonly<Record<'weight' | 'bias' | 'tokens', StoredTensor & { readonly data: Float32Array }>>;

/** Standard deviation of the words' vectors: as much as the GRU, which begins at random, adds to them. */
const spread = 0.5;

/**
 * Directions of CCA as towers: the photos' projection as it is, and for each word its own part of a caption's projection,
 * so that the mean over a caption's words points to where CCA puts the caption.
 */
export function startFrom([images, captions]: Views, { weights }: WordWeights): Start {
  const [features, dim] = images.weights.shape;
  const bias = new Float32Array(dim);
  images.weights.data.forEach((value, i) => (bias[i % dim]! -= images.mean[Math.floor(i / dim)]! * value));
  return {
    weight: { data: Float32Array.from(images.weights.data), shape: [features, dim] },
    bias: { data: bias, shape: [dim] },
    tokens: { data: wordVectors(captions, weights), shape: [firstWord + weights.length, dim] },
  };
}

/** What CCA adds for one occurrence of each word, less what it adds for a word on average. */
function wordVectors({ mean, weights: { data, shape } }: Views[1], weights: readonly number[]): Float32Array {
  const [words, dim] = shape;
  const centre = new Float64Array(dim);
  const total = mean.reduce((sum, value, word) => sum + value / weights[word]!, 0);
  data.forEach((value, i) => (centre[i % dim]! += (mean[Math.floor(i / dim)]! * value) / total));
  const out = new Float32Array((firstWord + words) * dim);
  data.forEach((value, i) => (out[firstWord * dim + i] = weights[Math.floor(i / dim)]! * value - centre[i % dim]!));
  const size = Math.sqrt(out.reduce((sum, value) => sum + value * value, 0) / data.length);
  return out.map((value) => (value * spread) / size);
}

/** Puts the values into a model. */
export function beginFrom({ image, text }: TowersParams, { weight, bias, tokens }: Start): void {
  const put = (variable: unknown, { data, shape }: Start[keyof Start]): void => {
    tf.tidy(() => (variable as tf.Variable).assign(tf.tensor(data, [...shape])));
  };
  put(image.weight, weight);
  put(image.bias, bias);
  put(text.tokens, tokens);
}
