import { type Checkpoint, EmbeddingError } from '@diptych/core';
import type { Files } from '@diptych/files';
import { clipText, type ClipTextConfig, clipTextSpec, hfClipTextNames } from '@diptych/text-encoder';
import type { Architecture, ArchitectureOptions } from '../architecture.ts';
import { checkActivation, checkProjection } from '../guards.ts';
import { type Json, readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan, textPlan, type TowerPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { hfClipConfig, hfClipTextConfig, hfClipVisionConfig } from './clip-config.ts';
import { clipImagePlan } from './clip-image-plan.ts';
import { hfModelConfig } from './model-config.ts';
import { hfTokenizer } from './tokenizer.ts';

/** CLIP as Hugging Face publishes it, whole or one tower, and MetaCLIP 2: `config.json` of model type `clip`, `clip_text_model`, … */
export const hfClip: Architecture = {
  version: 1,
  name: 'clip',
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    const plan = planners.get(json?.['model_type']);
    if (!json || !plan) return undefined;
    const planned = await plan(json, files, options);
    const { text, image } = planned.towers;
    const checkpoint = await openWeights(files, options.signal);
    if (text) checkTextTower(checkpoint, files.id);
    const projections = [text && 'text_projection.weight', image && 'visual_projection.weight'];
    await checkProjection(
      checkpoint,
      projections.filter((name) => name !== undefined),
      files.id,
    );
    return loadPlan(checkpoint, planned, options);
  },
};

/** Some repositories put another text tower behind the same model type. */
function checkTextTower({ names }: Checkpoint, model: string): void {
  const other = [...names].find((name) => /^text_model\.(?!embeddings|encoder|final_layer_norm)/.test(name));
  if (other === undefined) return;
  throw new EmbeddingError('UNSUPPORTED', {
    where: `${model}: the text tower is not CLIP's`,
    expected: 'text_model.embeddings',
    got: other,
  });
}

type Planner = (json: Json, files: Files, options: ArchitectureOptions) => Promise<ModelPlan>;

async function wholePlan(json: Json, files: Files, options: ArchitectureOptions): Promise<ModelPlan> {
  const { text, image } = hfClipConfig(json, `${files.id}/config.json`);
  checkTower(json, files, image.activation);
  checkTower(json, files, text.activation);
  const imageTower = await clipImagePlan(image, files, options);
  const textTower = await clipTextPlan(text, files, options);
  return { towers: { text: textTower, image: imageTower }, logScale: 'logit_scale' };
}

/** By `model_type`. A tower alone is `CLIPTextModelWithProjection` or `CLIPVisionModelWithProjection`. */
const planners: ReadonlyMap<unknown, Planner> = new Map<unknown, Planner>([
  ['clip', wholePlan],
  ['metaclip_2', wholePlan],
  [
    'clip_text_model',
    async (json, files, options) => {
      const config = hfModelConfig(json, `${files.id}/config.json`);
      const text = hfClipTextConfig(config, config.count('projection_dim', 512));
      checkTower(json, files, text.activation);
      return { towers: { text: await clipTextPlan(text, files, options) } };
    },
  ],
  [
    'clip_vision_model',
    async (json, files, options) => {
      const config = hfModelConfig(json, `${files.id}/config.json`);
      const image = hfClipVisionConfig(config, config.count('projection_dim', 512));
      checkTower(json, files, image.activation);
      return { towers: { image: await clipImagePlan(image, files, options) } };
    },
  ],
]);

function checkTower(json: Json, files: Files, activation: string): void {
  checkActivation([files.id, json['_name_or_path']], activation, `${files.id}/config.json`);
}

async function clipTextPlan(
  config: ClipTextConfig,
  files: Files,
  options: ArchitectureOptions,
): Promise<TowerPlan<string>> {
  const { contextLength, vocabSize } = config;
  return textPlan({
    spec: clipTextSpec(config),
    names: hfClipTextNames,
    preprocess: await hfTokenizer(files, { contextLength, vocabSize, usual: ['vocab', 'merges'] }, options),
    encoder: (params) => clipText(config, params),
  });
}
