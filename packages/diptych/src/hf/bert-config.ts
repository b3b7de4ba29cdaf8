import type { BertConfig } from '@diptych/text-encoder';
import { type ConfigReader, mostLayers, refuseSettings } from '@diptych/core';
import { hfTransformerConfig } from './transformer-config.ts';

const defaults = {
  width: 768,
  layers: 12,
  heads: 12,
  mlpWidth: 3072,
  activation: 'gelu',
  layerNormEpsilon: 1e-12,
};

type Network = Omit<BertConfig, 'pooling'>;

/** The fields of transformers' `BertConfig`. What is left out has its defaults. */
export function hfBertConfig(config: ConfigReader): Network {
  return {
    ...hfTransformerConfig(config, defaults),
    vocabSize: config.count('vocab_size', 30522),
    contextLength: config.count('max_position_embeddings', 512),
    tokenTypes: config.count('type_vocab_size', 2),
  };
}

/** Those of `DistilBertConfig`, where the epsilon of norms is in the code. */
export function hfDistilBertConfig(config: ConfigReader): Network {
  refuseSettings(config, { pruned_heads: [{}] });
  return {
    width: config.count('dim', defaults.width),
    layers: config.count('n_layers', 6, mostLayers),
    heads: config.count('n_heads', defaults.heads),
    mlpWidth: config.count('hidden_dim', defaults.mlpWidth),
    activation: config.string('activation', defaults.activation),
    layerNormEpsilon: defaults.layerNormEpsilon,
    vocabSize: config.count('vocab_size', 30522),
    contextLength: config.count('max_position_embeddings', 512),
    tokenTypes: 0,
  };
}

/** Those of `XLMRobertaConfig` and `RobertaConfig`: the first places are those of padding and before it. */
export function hfRobertaConfig(config: ConfigReader): Network {
  const network = hfBertConfig(config);
  const paddingId = config.number('pad_token_id', 1);
  return { ...network, contextLength: network.contextLength - paddingId - 1, paddingId };
}

/** Those of `MPNetConfig`. Whatever it says, padding is token 1 to the network. */
export function hfMpnetConfig(config: ConfigReader): Network {
  refuseSettings(config, { pad_token_id: [1] });
  const relativeBuckets = config.count('relative_attention_num_buckets', 32);
  return { ...hfRobertaConfig(config), tokenTypes: 0, relativeBuckets };
}
