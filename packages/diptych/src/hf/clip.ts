import { type ModelFiles, openCheckpoint } from '@diptych/checkpoint';
import type { TextBatch } from '@diptych/core';
import { clipText, type ClipTextConfig, clipTextSpec, hfClipTextNames } from '@diptych/text-encoder';
import type { Architecture } from '../architecture.ts';
import { checkActivation, checkProjection } from '../guards.ts';
import { configReader } from '../config-reader.ts';
import { type Json, readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan, towerPlan, type TowerPlan } from '../model-plan.ts';
import { hfClipConfig, hfClipTextConfig, hfClipVisionConfig } from './clip-config.ts';
import { clipImagePlan } from './clip-image-plan.ts';
import { hfTokenizer } from './tokenizer.ts';

/** CLIP as Hugging Face publishes it, whole or one tower: `config.json` of model type `clip`, `clip_text_model`, … */
export const hfClip: Architecture = {
  name: 'clip',
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    const plan = planners.get(json?.['model_type']);
    if (!json || !plan) return undefined;
    const towers = await plan(json, files, options.signal);
    const checkpoint = await openCheckpoint(files, options.signal);
    const projections = [towers.text && 'text_projection.weight', towers.image && 'visual_projection.weight'];
    checkProjection(
      checkpoint,
      projections.filter((name) => name !== undefined),
      files.id,
    );
    return loadPlan(checkpoint, towers, options);
  },
};

type Planner = (json: Json, files: ModelFiles, signal?: AbortSignal) => Promise<ModelPlan>;

/** By `model_type`. A tower alone is `CLIPTextModelWithProjection` or `CLIPVisionModelWithProjection`. */
const planners: ReadonlyMap<unknown, Planner> = new Map<unknown, Planner>([
  [
    'clip',
    async (json, files, signal) => {
      const where = `${files.id}/config.json`;
      const { text, image } = hfClipConfig(json, where);
      checkActivation([files.id, json['_name_or_path']], image.activation, where);
      const [textTower, imageTower] = [await textPlan(text, files, signal), await clipImagePlan(image, files, signal)];
      return { text: textTower, image: imageTower, logScale: 'logit_scale' };
    },
  ],
  [
    'clip_text_model',
    async (json, files, signal) => {
      const config = configReader(json, `${files.id}/config.json`);
      return { text: await textPlan(hfClipTextConfig(config, config.count('projection_dim', 512)), files, signal) };
    },
  ],
  [
    'clip_vision_model',
    async (json, files, signal) => {
      const config = configReader(json, `${files.id}/config.json`);
      return {
        image: await clipImagePlan(hfClipVisionConfig(config, config.count('projection_dim', 512)), files, signal),
      };
    },
  ],
]);

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
