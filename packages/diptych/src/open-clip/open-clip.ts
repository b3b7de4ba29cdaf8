import type { ModelFiles } from '@diptych/checkpoint';
import type { Architecture } from '../architecture.ts';
import { configReader, type ConfigReader } from '../config-reader.ts';
import { readJson } from '../model-json.ts';
import { checkActivation } from '../guards.ts';
import { openClipActivation } from './sizes.ts';
import { loadPlan, type ModelPlan } from '../model-plan.ts';
import { openClipImagePlan } from './image-plan.ts';
import { openClipTextPlan } from './text-plan.ts';

/** What open_clip publishes: `open_clip_config.json` with the towers of CLIP (transformer or ResNet) or SigLIP. */
export const openClip: Architecture = {
  name: 'open_clip',
  async open(files, options) {
    const json = await readJson(files, 'open_clip_config.json', options.signal);
    if (!json) return undefined;
    const model = configReader(json, `${files.id}/open_clip_config.json`).object('model_cfg');
    return loadPlan(files, await openClipPlan(model, json['preprocess_cfg'], files, options.signal), options);
  },
};

/** @param preprocessCfg `preprocess_cfg` of the same file, unchecked. */
export async function openClipPlan(
  model: ConfigReader,
  preprocessCfg: unknown,
  files: ModelFiles,
  signal?: AbortSignal,
): Promise<ModelPlan> {
  checkActivation([files.id], openClipActivation(model), model.where);
  return {
    text: await openClipTextPlan(model, files, signal),
    image: openClipImagePlan(model, preprocessCfg),
    logScale: 'logit_scale',
    ...(model.has('init_logit_bias') && { bias: 'logit_bias' }),
  };
}
