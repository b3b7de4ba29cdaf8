import type { ModelFiles } from '@diptych/checkpoint';
import type { ImageBatch, TextBatch } from '@diptych/core';
import { hfClipVisionNames, vit, type VitConfig, vitSpec } from '@diptych/image-encoder';
import type { Image } from '@diptych/preprocessing';
import { clipText, type ClipTextConfig, clipTextSpec, hfClipTextNames } from '@diptych/text-encoder';
import type { Architecture } from '../architecture.ts';
import { readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan, towerPlan, type TowerPlan } from '../model-plan.ts';
import { hfClipConfig } from './clip-config.ts';
import { hfImageProcessor } from './image-processor.ts';
import { hfTokenizer } from './tokenizer.ts';

/** CLIP as Hugging Face publishes it: `config.json` of model type `clip`. */
export const hfClip: Architecture = {
  name: 'clip',
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    if (json?.['model_type'] !== 'clip') return undefined;
    const { text, image } = hfClipConfig(json, `${files.id}/config.json`);
    const plan: ModelPlan = {
      text: await textPlan(text, files, options.signal),
      image: await imagePlan(image, files, options.signal),
      logScale: 'logit_scale',
    };
    return loadPlan(files, plan, options);
  },
};

async function textPlan(
  config: ClipTextConfig,
  files: ModelFiles,
  signal?: AbortSignal,
): Promise<TowerPlan<string, TextBatch>> {
  return towerPlan({
    spec: clipTextSpec(config),
    names: hfClipTextNames,
    preprocess: await hfTokenizer(files, { contextLength: config.contextLength }, signal),
    encoder: (params) => clipText(config, params),
  });
}

async function imagePlan(
  config: VitConfig,
  files: ModelFiles,
  signal?: AbortSignal,
): Promise<TowerPlan<Image, ImageBatch>> {
  const size = config.imageSize;
  return towerPlan({
    spec: vitSpec(config),
    names: hfClipVisionNames,
    preprocess: await hfImageProcessor(files, { size, crop_size: size }, signal),
    encoder: (params) => vit(config, params),
  });
}
