import type { TextBatch } from '@diptych/core';
import { featureProjection, featureProjectionSpec } from '@diptych/image-encoder';
import { gatherRows, l2Normalize, maskedMean, type ParamsOf } from '@diptych/nn';
import { recurrentText, recurrentTextSpec, type RecurrentTextConfig } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import type { Features } from './part.ts';

export interface TowersConfig {
  /** Words in the vocabulary. */
  readonly words: number;
  /** Length of a photo's features. */
  readonly features: number;
  /** Length of an embedding, of a state of the GRU and of a word's vector. */
  readonly dim: number;
}

/** The two towers of VSE++ on stored features, Faghri et al. 2018, arXiv:1707.05612. */
export function towersSpec(config: TowersConfig) {
  const { features: inputs, dim } = config;
  return { image: featureProjectionSpec({ inputs, dim }), text: recurrentTextSpec(textConfig(config)) };
}

export type TowersParams = ParamsOf<ReturnType<typeof towersSpec>>;

/** Unit rows `[n, dim]`: a linear layer on features. */
export function embedImages(config: TowersConfig, { image }: TowersParams, { data, shape }: Features): tf.Tensor2D {
  const tower = featureProjection({ inputs: config.features, dim: config.dim }, image);
  return l2Normalize(tower.forward({ values: data, shape }));
}

/**
 * Unit rows `[n, dim]`: the highest value that the GRU gives at any word, and the mean of the words' own vectors. VSE++
 * takes the GRU's last output alone; with 30,000 captions the words themselves, which need no network to be heard, are
 * worth more.
 */
export function embedCaptions(config: TowersConfig, { text }: TowersParams, batch: TextBatch): tf.Tensor2D {
  const outputs = recurrentText(textConfig(config), text).forward(batch);
  const words = tf.reshape<tf.Rank.R3>(gatherRows(text.tokens, batch.ids), [...batch.shape, config.dim]);
  const mask = tf.tensor2d(batch.mask, [...batch.shape], 'float32');
  return l2Normalize(tf.add(outputs, maskedMean(words, mask)));
}

function textConfig({ words, dim }: TowersConfig): RecurrentTextConfig {
  const shape = { vocabSize: words, wordDim: dim, dim, layers: 1 };
  return { ...shape, kind: 'gru', bidirectional: false, pooling: 'max' };
}
