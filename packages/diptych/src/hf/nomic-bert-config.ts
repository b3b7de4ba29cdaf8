import { type ConfigReader, mostLayers, refuseSettings } from '@diptych/core';
import type { NomicBertConfig } from '@diptych/text-encoder';

/** What nomic-ai's own code would do otherwise. */
const neutral = {
  activation_function: ['swiglu'],
  causal: [false],
  mlp_fc1_bias: [false],
  mlp_fc2_bias: [false],
  moe_every_n_layers: [],
  num_experts: [],
  parallel_block: [false],
  prenorm: [false],
  qkv_proj_bias: [false],
  rotary_emb_fraction: [1],
  rotary_emb_scale_base: [],
  rotary_scaling_factor: [],
  scale_attn_by_inverse_layer_idx: [false],
  scale_attn_weights: [true],
  use_rms_norm: [false],
};

/** The fields of `NomicBertConfig` as nomic-ai publishes it, which are those of GPT-2. */
export function nomicBertConfig(config: ConfigReader): Omit<NomicBertConfig, 'pooling'> {
  refuseSettings(config, neutral);
  const width = config.count('n_embd');
  return {
    width,
    layers: config.count('n_layer', undefined, mostLayers),
    heads: config.count('n_head'),
    mlpWidth: config.count('n_inner', 4 * width),
    layerNormEpsilon: config.number('layer_norm_epsilon', 1e-12),
    vocabSize: config.count('vocab_size'),
    contextLength: config.count('n_positions'),
    tokenTypes: config.count('type_vocab_size', 2),
    rotaryBase: config.number('rotary_emb_base', 10_000),
    rotaryPairs: config.flag('rotary_emb_interleaved', false) ? 'neighbours' : 'halves',
  };
}
