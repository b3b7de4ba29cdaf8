import type { Architecture } from '../architecture.ts';
import { configReader } from '../config-reader.ts';
import { readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan } from '../model-plan.ts';
import { openClipTextPlan, openClipVisionPlan } from './towers.ts';

/** CLIP as open_clip publishes it: `open_clip_config.json`. */
export const openClip: Architecture = {
  name: 'open_clip',
  async open(files, options) {
    const json = await readJson(files, 'open_clip_config.json', options.signal);
    if (!json) return undefined;
    const model = configReader(json, `${files.id}/open_clip_config.json`).object('model_cfg');
    const plan: ModelPlan = {
      text: await openClipTextPlan(model, files, options.signal),
      image: openClipVisionPlan(model, json['preprocess_cfg']),
      logScale: 'logit_scale',
    };
    return loadPlan(files, plan, options);
  },
};
