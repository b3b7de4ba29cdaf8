import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import {
  conv1d,
  type Conv1d,
  conv1dSpec,
  gatherRows,
  linear,
  type Linear,
  linearSpec,
  lookup,
  type LookupParam,
  type ParamsOf,
  uniform,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens } from './check-tokens.ts';
import { maskOf } from './token-pooling.ts';

/** Convolutions over words, Kim 2014, arXiv:1408.5882. */
export interface TextCnnConfig {
  readonly vocabSize: number;
  readonly wordDim: number;
  /** Words that a filter sees, for each group of filters; 3, 4 and 5 in the paper. */
  readonly widths: readonly number[];
  /** Filters of each width; 100 in the paper. */
  readonly filters: number;
  /** Length of an embedding. */
  readonly dim: number;
}

export type TextCnn = {
  /** `[vocabSize, wordDim]`. */
  readonly tokens: LookupParam;
  readonly convolutions: readonly Conv1d[];
  readonly projection: Linear;
};

export function textCnnSpec(config: TextCnnConfig): TextCnn {
  const { vocabSize, wordDim, widths, filters, dim } = expectMembers(
    config,
    'config',
    'vocabSize',
    'wordDim',
    'widths',
    'filters',
    'dim',
  );
  return {
    tokens: lookup(vocabSize, wordDim, uniform(-0.25, 0.25)),
    convolutions: widths.map((width) => conv1dSpec(width, wordDim, filters)),
    projection: linearSpec(widths.length * filters, dim),
  };
}

/**
 * Padding counts as zero words, and texts are padded at least to the widest filter.
 *
 * `forward` throws `INPUT_INVALID` for an id outside the vocabulary.
 */
export function textCnn(config: TextCnnConfig, params: ParamsOf<TextCnn>): Encoder<TextBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      checkTokens(batch, config);
      const [n, length] = batch.shape;
      const words = tf.reshape(gatherRows(params.tokens, batch.ids), [n, length, config.wordDim]);
      const counted = tf.mul<tf.Tensor3D>(words, tf.expandDims(maskOf(batch), 2));
      const short = Math.max(0, Math.max(...config.widths) - length);
      const padded = tf.concat([counted, tf.zeros<tf.Rank.R3>([n, short, config.wordDim])], 1);
      return linear(params.projection, textFeatures(params.convolutions, short > 0 ? padded : counted));
    },
  };
}

/** The strongest answer of each filter anywhere in `x` `[n, length, wordDim]`, `[n, widths * filters]`. */
export function textFeatures(convolutions: ParamsOf<readonly Conv1d[]>, x: tf.Tensor3D): tf.Tensor2D {
  return tf.concat(
    convolutions.map((convolution) => tf.max<tf.Tensor2D>(tf.relu(conv1d(convolution, x)), 1)),
    1,
  );
}
