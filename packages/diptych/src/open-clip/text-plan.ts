import { type ConfigReader, EmbeddingError } from '@diptych/core';
import type { Files } from '@diptych/files';
import { type NameTable, prefixNames } from '@diptych/nn';
import {
  clipText,
  clipTextSpec,
  openClipSiglipTextNames,
  openClipTextNames,
  siglipText,
  siglipTextSpec,
} from '@diptych/text-encoder';
import { textPlan, type TowerPlan } from '../model-plan.ts';
import { openClipTextConfig, openSiglipTextConfig } from './text-config.ts';
import { openClipTokenizer, openSiglipTokenizer } from './tokenizer.ts';

/** @throws {EmbeddingError} `UNSUPPORTED` for a text tower that is not known here. */
export async function openClipTextPlan(
  model: ConfigReader,
  files: Files,
  signal?: AbortSignal,
): Promise<TowerPlan<string>> {
  const text = model.object('text_cfg');
  if (text.has('hf_model_name')) {
    const { hfTextPlan } = await import('../later-networks.ts');
    return hfTextPlan(model, files, signal);
  }
  const pool = text.string('pool_type', 'argmax');
  if (pool === 'argmax' || pool === 'eos') return clipPlan(model, files, signal);
  if (pool === 'last' && text.flag('no_causal_mask', false)) return siglipPlan(model, files, signal);
  const expected = 'the transformer of CLIP or SigLIP';
  throw new EmbeddingError('UNSUPPORTED', { where: text.where, expected, got: `pool_type: ${pool}` });
}

async function clipPlan(model: ConfigReader, files: Files, signal?: AbortSignal): Promise<TowerPlan<string>> {
  const config = openClipTextConfig(model);
  return textPlan({
    spec: clipTextSpec(config),
    names: namesOf(model, openClipTextNames),
    preprocess: await openClipTokenizer(model.object('text_cfg'), files, config, signal),
    encoder: (params) => clipText(config, params),
  });
}

async function siglipPlan(model: ConfigReader, files: Files, signal?: AbortSignal): Promise<TowerPlan<string>> {
  const config = openSiglipTextConfig(model);
  return textPlan({
    spec: siglipTextSpec(config),
    names: openClipSiglipTextNames,
    preprocess: await openSiglipTokenizer(model.object('text_cfg'), files, config, signal),
    encoder: (params) => siglipText(config, params),
  });
}

/** `CustomTextCLIP` keeps its text tower below `text.`. */
function namesOf(model: ConfigReader, names: NameTable): NameTable {
  return model.flag('custom_text', false) ? prefixNames('text.', names) : names;
}
