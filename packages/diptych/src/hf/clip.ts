import type { ModelFiles } from '@diptych/checkpoint';
import { type Checkpoint, EmbeddingError, type TextBatch } from '@diptych/core';
import { clipText, type ClipTextConfig, clipTextSpec, hfClipTextNames } from '@diptych/text-encoder';
import type { Architecture } from '../architecture.ts';
import { checkActivation, checkProjection } from '../guards.ts';
import { type Json, readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan, towerPlan, type TowerPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { hfClipConfig, hfClipTextConfig, hfClipVisionConfig } from './clip-config.ts';
import { clipImagePlan } from './clip-image-plan.ts';
import { hfModelConfig } from './model-config.ts';
import { hfTokenizer } from './tokenizer.ts';

/** CLIP as Hugging Face publishes it, whole or one tower: `config.json` of model type `clip`, `clip_text_model`, … */
export const hfClip: Architecture = {
  name: 'clip',
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    const plan = planners.get(json?.['model_type']);
    if (!json || !plan) return undefined;
    const towers = await plan(json, files, options.signal);
    const checkpoint = await openWeights(files, options.signal);
    if (towers.text) checkTextTower(checkpoint, files.id);
    const projections = [towers.text && 'text_projection.weight', towers.image && 'visual_projection.weight'];
    checkProjection(
      checkpoint,
      projections.filter((name) => name !== undefined),
      files.id,
    );
    return loadPlan(checkpoint, towers, options);
  },
};

/** Some repositories put another text tower behind the same model type. */
function checkTextTower({ names }: Checkpoint, model: string): void {
  const other = [...names].find((name) => /^text_model\.(?!embeddings|encoder|final_layer_norm)/.test(name));
  if (other === undefined) return;
  throw new EmbeddingError(
    'UNSUPPORTED',
    `${model}: the text tower is not CLIP's: expected text_model.embeddings, found ${other}`,
  );
}

type Planner = (json: Json, files: ModelFiles, signal?: AbortSignal) => Promise<ModelPlan>;

/** By `model_type`. A tower alone is `CLIPTextModelWithProjection` or `CLIPVisionModelWithProjection`. */
const planners: ReadonlyMap<unknown, Planner> = new Map<unknown, Planner>([
  [
    'clip',
    async (json, files, signal) => {
      const { text, image } = hfClipConfig(json, `${files.id}/config.json`);
      checkTower(json, files, image.activation);
      checkTower(json, files, text.activation);
      const imageTower = await clipImagePlan(image, files, signal);
      return { image: imageTower, text: await textPlan(text, files, signal), logScale: 'logit_scale' };
    },
  ],
  [
    'clip_text_model',
    async (json, files, signal) => {
      const config = hfModelConfig(json, `${files.id}/config.json`);
      const text = hfClipTextConfig(config, config.count('projection_dim', 512));
      checkTower(json, files, text.activation);
      return { text: await textPlan(text, files, signal) };
    },
  ],
  [
    'clip_vision_model',
    async (json, files, signal) => {
      const config = hfModelConfig(json, `${files.id}/config.json`);
      const image = hfClipVisionConfig(config, config.count('projection_dim', 512));
      checkTower(json, files, image.activation);
      return { image: await clipImagePlan(image, files, signal) };
    },
  ],
]);

function checkTower(json: Json, files: ModelFiles, activation: string): void {
  checkActivation([files.id, json['_name_or_path']], activation, `${files.id}/config.json`);
}

async function textPlan(
  config: ClipTextConfig,
  files: ModelFiles,
  signal?: AbortSignal,
): Promise<TowerPlan<string, TextBatch>> {
  return towerPlan({
    spec: clipTextSpec(config),
    names: hfClipTextNames,
    preprocess: await hfTokenizer(files, { contextLength: config.contextLength, vocabSize: config.vocabSize }, signal),
    encoder: (params) => clipText(config, params),
  });
}
