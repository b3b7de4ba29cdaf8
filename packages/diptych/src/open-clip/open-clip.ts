import { openCheckpoint, transformersWeights } from '@diptych/checkpoint';
import { type Checkpoint, configReader, type ConfigReader } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { Architecture, ArchitectureOptions } from '../architecture.ts';
import { checkActivation, checkProjection } from '../guards.ts';
import { isThere, readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { packedIn } from '../packed-in.ts';
import { openClipImagePlan } from './image-plan.ts';
import { checkOpenClipSettings } from './settings.ts';
import { openClipTextPlan } from './text-plan.ts';

/** The files of weights that open_clip reads, the preferred one first. */
const ownWeights = [
  'open_clip_model.safetensors',
  'open_clip_pytorch_model.safetensors',
  'open_clip_pytorch_model.bin',
];

/**
 * What open_clip publishes: `open_clip_config.json` with the towers of CLIP (transformer or ResNet) or SigLIP. Weights
 * under the names of transformers are open_clip's only if the arrays in them are called as open_clip calls them.
 */
export const openClip: Architecture = {
  version: 1,
  name: 'open_clip',
  async open(files, options) {
    const { signal } = options;
    const json = await readJson(files, 'open_clip_config.json', signal);
    if (!json) return undefined;
    const own = await firstThere(files, ownWeights, signal);
    const others = own === undefined ? await weightsOfOthers(files, signal) : undefined;
    if (others && !isOpenClip(others)) return undefined;
    const model = configReader(json, `${files.id}/open_clip_config.json`).object('model_cfg');
    const plan = await openClipPlan(model, json['preprocess_cfg'], files, options);
    const checkpoint = others ?? (await openWeights(files, signal, own === undefined ? ownWeights : [own]));
    await checkProjection(checkpoint, projectionsOf(model), files.id);
    return loadPlan(checkpoint, plan, packedIn(ownWeights[0]!, options));
  },
};

/** Weights under the names of transformers. */
async function weightsOfOthers(files: Files, signal?: AbortSignal): Promise<Checkpoint | undefined> {
  const name = await firstThere(files, transformersWeights, signal);
  return name === undefined ? undefined : openCheckpoint(files, signal, [name]);
}

async function firstThere(files: Files, names: readonly string[], signal?: AbortSignal): Promise<string | undefined> {
  for (const name of names) if (await isThere(files, name, signal)) return name;
  return undefined;
}

function isOpenClip({ names }: Checkpoint): boolean {
  return [...names].some((name) => name.startsWith('visual.'));
}

/** Names of the arrays that bring both towers of CLIP into one space. */
function projectionsOf(model: ConfigReader): readonly string[] {
  const [image, words] = [model.object('vision_cfg'), model.object('text_cfg')];
  const hasNone = words.has('hf_model_name') || words.string('pool_type', 'argmax') === 'last';
  const text = hasNone ? [] : ['text_projection'];
  const below = model.flag('custom_text', false) ? 'text.' : '';
  const isVit = !image.has('timm_model_name') && !Array.isArray(image.value('layers'));
  return [...text.map((name) => below + name), ...(isVit ? ['visual.proj'] : [])];
}

/** @param preprocessCfg `preprocess_cfg` of the same file, unchecked. */
export async function openClipPlan(
  model: ConfigReader,
  preprocessCfg: unknown,
  files: Files,
  { signal, blocks }: ArchitectureOptions = {},
): Promise<ModelPlan> {
  checkActivation([files.id], model.flag('quick_gelu', false) ? 'quick_gelu' : 'gelu', model.where);
  const image = await openClipImagePlan(model, preprocessCfg, blocks);
  checkOpenClipSettings(model);
  const text = await openClipTextPlan(model, files, signal);
  return {
    towers: { text, image },
    logScale: 'logit_scale',
    ...(model.has('init_logit_bias') && { bias: 'logit_bias' }),
  };
}
