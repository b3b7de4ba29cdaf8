import type { BertConfig } from '@diptych/text-encoder';
import type { ConfigReader } from '@diptych/core';
import { hfTransformerConfig } from './transformer-config.ts';

const defaults = {
  width: 768,
  layers: 12,
  heads: 12,
  mlpWidth: 3072,
  activation: 'gelu',
  layerNormEpsilon: 1e-12,
};

/** The fields of transformers' `BertConfig`. What is left out has its defaults. */
export function hfBertConfig(config: ConfigReader): Omit<BertConfig, 'pooling'> {
  return {
    ...hfTransformerConfig(config, defaults),
    vocabSize: config.count('vocab_size', 30522),
    contextLength: config.count('max_position_embeddings', 512),
    tokenTypes: config.count('type_vocab_size', 2),
  };
}
