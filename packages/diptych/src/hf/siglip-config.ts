import { type ConfigReader, EmbeddingError } from '@diptych/core';
import type { SiglipVitConfig } from '@diptych/image-encoder';
import type { SiglipTextConfig } from '@diptych/text-encoder';
import type { Json } from '../model-json.ts';
import { squareSide } from '../square-side.ts';
import { hfModelConfig } from './model-config.ts';
import { hfTransformerConfig } from './transformer-config.ts';

/** Of both towers. */
export const siglipDefaults = {
  width: 768,
  layers: 12,
  heads: 12,
  mlpWidth: 3072,
  activation: 'gelu_pytorch_tanh',
  layerNormEpsilon: 1e-6,
};

/** Both towers of a SigLIP model. */
export interface SiglipConfig {
  readonly text: SiglipTextConfig;
  readonly image: SiglipVitConfig;
}

/** `config.json` of transformers' `SiglipModel`, nearly empty in published models: what it leaves out has defaults. */
export function hfSiglipConfig(json: Json, where: string): SiglipConfig {
  const config = hfModelConfig(json, where);
  return { text: siglipTextConfig(config.object('text_config')), image: visionConfig(config.object('vision_config')) };
}

export function siglipTextConfig(text: ConfigReader): SiglipTextConfig {
  const transformer = hfTransformerConfig(text, siglipDefaults);
  return {
    ...transformer,
    vocabSize: text.count('vocab_size', 32000),
    contextLength: text.count('max_position_embeddings', 64),
    dim: text.count('projection_size', transformer.width),
  };
}

function visionConfig(image: ConfigReader): SiglipVitConfig {
  checkHead(image);
  return {
    ...hfTransformerConfig(image, siglipDefaults),
    imageSize: squareSide(image, 'image_size', 224),
    patchSize: squareSide(image, 'patch_size', 16),
    positionResize: 'hf',
  };
}

/** @throws {EmbeddingError} `UNSUPPORTED` for a tower of images without its pooling. */
export function checkHead(image: ConfigReader): void {
  if (!image.flag('vision_use_head', true)) {
    throw new EmbeddingError('UNSUPPORTED', {
      where: `${image.where}: vision_use_head`,
      expected: 'true',
      got: 'false',
    });
  }
}
