import type { TransformerConfig } from '@diptych/nn';
import { type ConfigReader, mostLayers, refuseSettings } from '@diptych/core';

/**
 * What transformers or the code that trained a model would do otherwise. Rows are computed in float32 whatever `dtype`
 * says, and nothing is dropped out.
 */
const neutral = {
  add_cross_attention: [false],
  is_decoder: [false],
  num_channels: [3],
  position_embedding_type: ['absolute'],
  pruned_heads: [{}],
};

/** The sizes of a transformer as transformers' configurations name them. */
export function hfTransformerConfig(config: ConfigReader, defaults: TransformerConfig): TransformerConfig {
  refuseSettings(config, neutral);
  return {
    width: config.count('hidden_size', defaults.width),
    layers: config.count('num_hidden_layers', defaults.layers, mostLayers),
    heads: config.count('num_attention_heads', defaults.heads),
    mlpWidth: config.count('intermediate_size', defaults.mlpWidth),
    activation: config.string('hidden_act', defaults.activation),
    layerNormEpsilon: config.number('layer_norm_eps', defaults.layerNormEpsilon),
  };
}
