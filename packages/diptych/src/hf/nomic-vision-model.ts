import { type ConfigReader, mostLayers, refuseSettings } from '@diptych/core';
import { nomicVision, type NomicVisionConfig, nomicVisionNames, nomicVisionSpec } from '@diptych/image-encoder';
import { imagePlan, loadPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { squareSide } from '../square-side.ts';
import { hfImageProcessor } from './image-processor.ts';
import type { Opener } from './later.ts';
import { hfModelConfig } from './model-config.ts';

/** What nomic-ai's own code would do otherwise. */
const neutral = {
  activation_function: ['swiglu'],
  causal: [false],
  global_pool: [],
  hidden_features_scaling_factor: [1],
  layer_scale: [false],
  learned_pos_embedding: [false],
  mask_token: [false],
  mlp_fc1_bias: [true],
  mlp_fc2_bias: [true],
  moe_every_n_layers: [],
  no_cls_token: [false],
  no_embed_class: [false],
  no_last_ln: [true],
  norm_mlp: [true],
  num_channels: [3],
  parallel_block: [false],
  patch_embed_bias: [true],
  prenorm: [true],
  prepre_layernom: [false],
  qkv_proj_bias: [true],
  register_tokens: [0],
  rotary_emb_base: [10_000],
  rotary_emb_fraction: [0],
  rotary_emb_interleaved: [false],
  rotary_emb_scale_base: [],
  rotary_scaling_factor: [],
  scale_attn_by_inverse_layer_idx: [false],
  scale_attn_weights: [true],
  sinusoidal_pos_embedding: [false],
  use_pos_embed: [true],
  use_rms_norm: [false],
  use_rotary_pos_emb: [true],
};

export const openNomicVision: Opener = async (json, files, options) => {
  const config = nomicVisionConfig(hfModelConfig(json, `${files.id}/config.json`));
  const largest = config.imageSize;
  const sizes = { size: { shortest_edge: largest }, crop_size: largest };
  const fallback = { image_processor_type: 'CLIPImageProcessor', ...sizes };
  const image = imagePlan({
    spec: nomicVisionSpec(config),
    names: nomicVisionNames,
    preprocess: await hfImageProcessor(files, { fallback, largest }, options.signal),
    encoder: (params) => nomicVision(config, params),
  });
  return loadPlan(await openWeights(files, options.signal), { towers: { image } }, options);
};

function nomicVisionConfig(config: ConfigReader): NomicVisionConfig {
  refuseSettings(config, neutral);
  const width = config.count('n_embd');
  const [imageSize, patchSize] = [squareSide(config, 'img_size', 224), squareSide(config, 'patch_size', 16)];
  return {
    width,
    layers: config.count('n_layer', undefined, mostLayers),
    heads: config.count('n_head'),
    // Two thirds of the numbers, in whole 256s.
    mlpWidth: Math.ceil(Math.trunc(config.number('n_inner', 4 * width)) / 256) * 256,
    layerNormEpsilon: config.number('layer_norm_epsilon', 1e-6),
    imageSize,
    patchSize,
    reference: squareSide(config, 'ref_feat_shape', Math.floor(imageSize / patchSize)),
  };
}
