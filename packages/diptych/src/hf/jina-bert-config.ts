import { type ConfigReader, mostLayers, refuseSettings } from '@diptych/core';
import type { JinaBertConfig } from '@diptych/text-encoder';

/** What Jina's own code would do otherwise. */
const neutral = {
  add_cross_attention: [false],
  emb_pooler: ['mean'],
  feed_forward_type: ['geglu'],
  hidden_act: ['gelu'],
  is_decoder: [false],
  position_embedding_type: ['alibi'],
  pruned_heads: [{}],
};

/** The fields of `JinaBertConfig` as jina-embeddings-v2 has them, which are those of BERT. */
export function jinaBertConfig(config: ConfigReader): Omit<JinaBertConfig, 'pooling'> {
  refuseSettings(config, neutral);
  return {
    width: config.count('hidden_size'),
    layers: config.count('num_hidden_layers', undefined, mostLayers),
    heads: config.count('num_attention_heads'),
    mlpWidth: config.count('intermediate_size'),
    activation: 'gelu',
    layerNormEpsilon: config.number('layer_norm_eps', 1e-12),
    vocabSize: config.count('vocab_size'),
    contextLength: config.count('max_position_embeddings', 512),
    tokenTypes: config.count('type_vocab_size', 2),
  };
}
