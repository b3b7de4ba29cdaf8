import { EmbeddingError } from '@diptych/core';
import { configReader, type ConfigReader } from '../config-reader.ts';
import type { Json } from '../model-json.ts';
import type { ClipConfig } from './clip-model.ts';

/**
 * `model_cfg` of `open_clip_config.json`, with open_clip's defaults.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for towers that are not CLIP's own transformers.
 */
export function openClipConfig(json: Json, where: string): ClipConfig {
  const config = configReader(json, where).object('model_cfg');
  const [text, image] = [config.object('text_cfg'), config.object('vision_cfg')];
  rejectOtherTowers(text, ['hf_model_name', 'hf_tokenizer_name', 'no_causal_mask', 'embed_cls'], where);
  rejectOtherTowers(image, ['timm_model_name', 'attentional_pool', 'no_ln_pre'], where);
  const dim = config.count('embed_dim', 512);
  const shared = {
    dim,
    activation: config.flag('quick_gelu', false) ? 'quick_gelu' : 'gelu',
    layerNormEpsilon: 1e-5,
  };
  return { text: { ...shared, ...textConfig(text) }, image: { ...shared, ...imageConfig(image) } };
}

function textConfig(text: ConfigReader) {
  const width = text.count('width', 512);
  return {
    width,
    layers: text.count('layers', 12),
    heads: text.count('heads', 8),
    mlpWidth: Math.trunc(width * text.number('mlp_ratio', 4)),
    vocabSize: text.count('vocab_size', 49408),
    contextLength: text.count('context_length', 77),
    endOfText: 'largest',
  } as const;
}

function imageConfig(image: ConfigReader) {
  const width = image.count('width', 768);
  return {
    width,
    layers: image.count('layers', 12),
    heads: Math.trunc(width / image.count('head_width', 64)),
    mlpWidth: Math.trunc(width * image.number('mlp_ratio', 4)),
    imageSize: image.count('image_size', 224),
    patchSize: image.count('patch_size', 16),
    positionResize: 'open_clip',
  } as const;
}

function rejectOtherTowers(tower: ConfigReader, fields: readonly string[], where: string): void {
  const other = fields.find((field) => tower.has(field) && tower.value(field) !== false);
  if (other === undefined) return;
  throw new EmbeddingError(
    'UNSUPPORTED',
    `${where}: ${other}: expected CLIP's own transformers, got ${JSON.stringify(tower.value(other))}`,
  );
}
