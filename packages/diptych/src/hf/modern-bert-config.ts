import { type ConfigReader, EmbeddingError, mostLayers, quote, refuseSettings } from '@diptych/core';
import type { ModernBertConfig, ModernBertLayer } from '@diptych/text-encoder';

/** What the network would do otherwise. */
const neutral = { attention_bias: [false], mlp_bias: [false], norm_bias: [false] };

/** As transformers 5 calls both kinds of layers. */
const named: Readonly<Record<ModernBertLayer, string>> = { global: 'full_attention', local: 'sliding_attention' };

/** The fields of transformers' `ModernBertConfig`, as version 4 or 5 writes them. What is left out has its defaults. */
export function hfModernBertConfig(config: ConfigReader): Omit<ModernBertConfig, 'pooling'> {
  refuseSettings(config, neutral);
  return {
    width: config.count('hidden_size', 768),
    heads: config.count('num_attention_heads', 12),
    mlpWidth: config.count('intermediate_size', 1152),
    activation: config.string('hidden_activation', 'gelu'),
    layerNormEpsilon: config.number('norm_eps', 1e-5),
    vocabSize: config.count('vocab_size', 50368),
    contextLength: config.count('max_position_embeddings', 8192),
    layers: layersOf(config),
    reach: Math.floor(config.count('local_attention', 128) / 2),
    bases: {
      global: baseOf(config, 'global', config.number('global_rope_theta', 160_000)),
      local: baseOf(config, 'local', config.number('local_rope_theta', 10_000)),
    },
  };
}

function layersOf(config: ConfigReader): readonly ModernBertLayer[] {
  const count = config.count('num_hidden_layers', 22, mostLayers);
  const every = config.count('global_attn_every_n_layers', 3);
  const usual = Array.from({ length: count }, (_, i) => (i % every === 0 ? 'global' : 'local'));
  const types = config.value('layer_types') ?? undefined;
  if (types === undefined) return usual;
  const kinds = new Map<unknown, ModernBertLayer>([
    [named.global, 'global'],
    [named.local, 'local'],
  ]);
  const list: readonly unknown[] = Array.isArray(types) ? types : [];
  const layers = list.flatMap((type) => kinds.get(type) ?? []);
  if (layers.length === count && list.length === count) return layers;
  const expected = `${count} of ${[...kinds.keys()].join(' and ')}`;
  throw new EmbeddingError('CONFIG_INVALID', { where: `${config.where}: layer_types`, expected, got: quote(types) });
}

function baseOf(config: ConfigReader, layer: ModernBertLayer, usual: number): number {
  const rope = config.object('rope_parameters').object(named[layer]);
  refuseSettings(rope, { rope_type: ['default'] });
  return rope.number('rope_theta', usual);
}
