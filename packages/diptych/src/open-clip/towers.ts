import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError, type ImageBatch, type TextBatch } from '@diptych/core';
import { openClipVisionNames, vit, vitSpec } from '@diptych/image-encoder';
import { clipTokenizer, type Image, imageProcessor, openClipImageProcessor } from '@diptych/preprocessing';
import { clipText, clipTextSpec, openClipTextNames } from '@diptych/text-encoder';
import { tokenizerOf } from '../tokenizer-of.ts';
import type { ConfigReader } from '../config-reader.ts';
import { towerPlan, type TowerPlan } from '../model-plan.ts';
import { openClipTextConfig, openClipVisionConfig } from './clip-config.ts';

/** How open_clip spells the special tokens in a text. */
const literals = ['<start_of_text>', '<end_of_text>'] as const;

/** @throws {EmbeddingError} `UNSUPPORTED` when the text tower is not CLIP's own transformer. */
export async function openClipTextPlan(
  model: ConfigReader,
  files: ModelFiles,
  signal?: AbortSignal,
): Promise<TowerPlan<string, TextBatch>> {
  rejectOther(model.object('text_cfg'), ['hf_model_name', 'no_causal_mask', 'embed_cls', 'pool_type']);
  const config = openClipTextConfig(model);
  const tokenizer = { contextLength: config.contextLength, clean: 'openai', literals } as const;
  return towerPlan({
    spec: clipTextSpec(config),
    names: openClipTextNames,
    preprocess: await tokenizerOf(files, (found) => clipTokenizer(found, tokenizer), signal),
    encoder: (params) => clipText(config, params),
  });
}

/**
 * @param preprocessCfg `preprocess_cfg` of the same file, unchecked.
 * @throws {EmbeddingError} `UNSUPPORTED` when the vision tower is not CLIP's own transformer.
 */
export function openClipVisionPlan(model: ConfigReader, preprocessCfg: unknown): TowerPlan<Image, ImageBatch> {
  rejectOther(model.object('vision_cfg'), ['timm_model_name', 'attentional_pool', 'no_ln_pre']);
  const config = openClipVisionConfig(model);
  return towerPlan({
    spec: vitSpec(config),
    names: openClipVisionNames,
    preprocess: imageProcessor(openClipImageProcessor({ imageSize: config.imageSize, preprocessCfg })),
    encoder: (params) => vit(config, params),
  });
}

/** Fields that only other towers have, as far as they say anything but what CLIP's does. */
function rejectOther(tower: ConfigReader, fields: readonly string[]): void {
  const isClip = (value: unknown) => value === undefined || value === null || value === false || value === 'argmax';
  const field = fields.find((name) => !isClip(tower.value(name)));
  if (field === undefined) return;
  const got = JSON.stringify(tower.value(field));
  throw new EmbeddingError('UNSUPPORTED', `${tower.where}: ${field}: expected CLIP's own transformer, got ${got}`);
}
