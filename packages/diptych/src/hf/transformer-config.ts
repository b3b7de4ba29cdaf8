import type { TransformerConfig } from '@diptych/nn';
import type { ConfigReader } from '../config-reader.ts';

/** The sizes of a transformer as transformers' configurations name them. */
export function hfTransformerConfig(config: ConfigReader, defaults: TransformerConfig): TransformerConfig {
  return {
    width: config.count('hidden_size', defaults.width),
    layers: config.count('num_hidden_layers', defaults.layers),
    heads: config.count('num_attention_heads', defaults.heads),
    mlpWidth: config.count('intermediate_size', defaults.mlpWidth),
    activation: config.string('hidden_act', defaults.activation),
    layerNormEpsilon: config.number('layer_norm_eps', defaults.layerNormEpsilon),
  };
}
