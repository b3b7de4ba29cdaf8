import type { VitConfig } from '@diptych/image-encoder';
import type { ClipTextConfig } from '@diptych/text-encoder';
import type { ConfigReader } from '@diptych/core';
import type { Json } from '../model-json.ts';
import { squareSide } from '../square-side.ts';
import { hfModelConfig } from './model-config.ts';
import { hfTransformerConfig } from './transformer-config.ts';

const shared = { layers: 12, activation: 'quick_gelu', layerNormEpsilon: 1e-5 };
const textDefaults = { ...shared, width: 512, heads: 8, mlpWidth: 2048 };
const imageDefaults = { ...shared, width: 768, heads: 12, mlpWidth: 3072 };

/** `config.json` of transformers' `CLIPModel`. What it leaves out has transformers' defaults. */
export function hfClipConfig(json: Json, where: string): { readonly text: ClipTextConfig; readonly image: VitConfig } {
  const config = hfModelConfig(json, where);
  const dim = config.count('projection_dim', 512);
  return {
    text: hfClipTextConfig(towerConfig(config, 'text_config'), dim, config.string('model_type', 'clip')),
    image: hfClipVisionConfig(towerConfig(config, 'vision_config'), dim),
  };
}

export function hfClipTextConfig(text: ConfigReader, dim: number, type = 'clip'): ClipTextConfig {
  return {
    ...hfTransformerConfig(text, textDefaults),
    vocabSize: text.count('vocab_size', 49408),
    contextLength: text.count('max_position_embeddings', 77),
    endOfText: endOfText(text, type),
    dim,
  };
}

export function hfClipVisionConfig(image: ConfigReader, dim: number): VitConfig {
  return {
    ...hfTransformerConfig(image, imageDefaults),
    imageSize: squareSide(image, 'image_size', 224),
    patchSize: squareSide(image, 'patch_size', 32),
    positionResize: 'hf',
    dim,
  };
}

/** Files of 2021 and 2022 repeat a tower as `*_config_dict`, which transformers completes and prefers as a whole. */
export function towerConfig(config: ConfigReader, field: string): ConfigReader {
  return config.object(config.has(`${field}_dict`) ? `${field}_dict` : field);
}

/**
 * The configurations that OpenAI published say 2, which is no end of text: transformers then takes the largest id. Of MetaCLIP 2
 * it is the end, and others are larger.
 */
function endOfText(text: ConfigReader, type: string): number | 'largest' {
  const id = text.count('eos_token_id', type === 'metaclip_2' ? 2 : 49407);
  return id === 2 && type !== 'metaclip_2' ? 'largest' : id;
}
