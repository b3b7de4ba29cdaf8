import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import {
  gatherRows,
  gru,
  lstm,
  type NameTable,
  lookup,
  type LookupParam,
  type ParamsOf,
  recurrent,
  type RecurrentLayer,
  recurrentSpec,
  uniform,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens } from './check-tokens.ts';
import { maskOf, poolTokens, type TokenPooling } from './token-pooling.ts';

/** A recurrent network over words, as in VSE++, Faghri et al. 2018, arXiv:1707.05612. */
export interface RecurrentTextConfig {
  readonly vocabSize: number;
  readonly wordDim: number;
  /** Length of an embedding and of a state. */
  readonly dim: number;
  readonly layers: number;
  readonly kind: 'gru' | 'lstm';
  /** Whether a second network reads backwards; a token's vector is then the mean of both. */
  readonly bidirectional: boolean;
  /** VSE++ takes the last token. */
  readonly pooling: TokenPooling;
}

export type RecurrentText = {
  /** `[vocabSize, wordDim]`. */
  readonly tokens: LookupParam;
  readonly layers: readonly RecurrentLayer[];
};

const kinds = { gru, lstm };

export function recurrentTextSpec(config: RecurrentTextConfig): RecurrentText {
  const {
    vocabSize,
    wordDim: inputs,
    dim: hidden,
    layers,
    bidirectional,
  } = expectMembers(config, 'config', 'vocabSize', 'wordDim', 'dim', 'layers', 'bidirectional');
  return {
    tokens: lookup(vocabSize, inputs, uniform(-0.1, 0.1)),
    layers: recurrentSpec(kinds[config.kind], { inputs, hidden, layers, bidirectional }),
  };
}

/**
 * Texts of any length; padding at the end has no influence.
 *
 * `forward` throws `INPUT_INVALID` for an id outside the vocabulary.
 */
export function recurrentText(config: RecurrentTextConfig, params: ParamsOf<RecurrentText>): Encoder<TextBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward: (batch) => poolTokens(recurrentTextTokens(config, params, batch), batch, config.pooling),
  };
}

/** One vector for each token, `[n, length, dim]`; zero for padding. */
export function recurrentTextTokens(
  config: RecurrentTextConfig,
  params: ParamsOf<RecurrentText>,
  batch: TextBatch,
): tf.Tensor3D {
  expectObjects({ config, params, batch });
  checkTokens(batch, config);
  const [n, length] = batch.shape;
  const ids = Int32Array.from(new Set(batch.ids));
  const rowOf = new Map(Array.from(ids, (id, row) => [id, row]));
  const words = { rows: gatherRows(params.tokens, ids), at: Int32Array.from(batch.ids, (id) => rowOf.get(id)!) };
  const { outputs } = recurrent(kinds[config.kind], params.layers, words, maskOf(batch));
  if (!config.bidirectional) return outputs;
  // [n, length, directions * dim] to [n, length, dim]
  return tf.mean(tf.reshape(outputs, [n, length, -1, config.dim]), 2);
}

/** The text encoder of VSE++, and any with an `embed` and an `rnn` of PyTorch. */
export const vseTextNames: NameTable = {
  names: {
    tokens: 'embed.weight',
    'layers.*.forward.input.weight': 'rnn.weight_ih_l*',
    'layers.*.forward.input.bias': 'rnn.bias_ih_l*',
    'layers.*.forward.hidden.weight': 'rnn.weight_hh_l*',
    'layers.*.forward.hidden.bias': 'rnn.bias_hh_l*',
    'layers.*.backward.input.weight': 'rnn.weight_ih_l*_reverse',
    'layers.*.backward.input.bias': 'rnn.bias_ih_l*_reverse',
    'layers.*.backward.hidden.weight': 'rnn.weight_hh_l*_reverse',
    'layers.*.backward.hidden.bias': 'rnn.bias_hh_l*_reverse',
  },
};
