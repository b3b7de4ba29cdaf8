import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import { gatherRows, normal, lookup, type LookupParam, type ParamsOf, variablesOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens } from './check-tokens.ts';
import { poolTokens, type TokenPooling } from './token-pooling.ts';

/** Words without order. */
export interface EmbeddingBagConfig {
  readonly vocabSize: number;
  /** Length of an embedding. */
  readonly dim: number;
  readonly pooling: TokenPooling;
}

/** `tokens` is `[vocabSize, dim]`. */
export type EmbeddingBag = { readonly tokens: LookupParam };

export function embeddingBagSpec(config: EmbeddingBagConfig): EmbeddingBag {
  const { vocabSize, dim } = expectMembers(config, 'config', 'vocabSize', 'dim');
  return { tokens: lookup(vocabSize, dim, normal(1)) };
}

/** `forward` throws `INPUT_INVALID` for an id outside the vocabulary. */
export function embeddingBag(config: EmbeddingBagConfig, params: ParamsOf<EmbeddingBag>): Encoder<TextBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      checkTokens(batch, config);
      const words = gatherRows(params.tokens, batch.ids);
      return poolTokens(tf.reshape(words, [...batch.shape, config.dim]), batch, config.pooling);
    },
  };
}
