import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError, type TextBatch } from '@diptych/core';
import { type NameTable, prefixNames } from '@diptych/nn';
import { clipTokenizer, parseTokenizer, siglipTokenizer } from '@diptych/preprocessing';
import {
  clipText,
  clipTextSpec,
  openClipSiglipTextNames,
  openClipTextNames,
  siglipText,
  siglipTextSpec,
} from '@diptych/text-encoder';
import type { ConfigReader } from '../config-reader.ts';
import { towerPlan, type TowerPlan } from '../model-plan.ts';
import { tokenizerOf } from '../tokenizer-of.ts';
import { openClipTextConfig, openSiglipTextConfig } from './text-config.ts';

type TextPlan = TowerPlan<string, TextBatch>;

/** How open_clip spells the special tokens in a text. */
const literals = ['<start_of_text>', '<end_of_text>'] as const;

/** @throws {EmbeddingError} `UNSUPPORTED` for a text tower that is neither CLIP's nor SigLIP's transformer. */
export function openClipTextPlan(model: ConfigReader, files: ModelFiles, signal?: AbortSignal): Promise<TextPlan> {
  const text = model.object('text_cfg');
  const pool = text.string('pool_type', 'argmax');
  const other = ['hf_model_name', 'embed_cls'].find((field) => text.has(field) && text.value(field) !== false);
  if (!other && pool === 'argmax') return clipPlan(model, files, signal);
  if (!other && pool === 'last' && text.flag('no_causal_mask', false)) return siglipPlan(model, files, signal);
  const got = other ? `${other}: ${JSON.stringify(text.value(other))}` : `pool_type: ${pool}`;
  const tokenizer = text.string('hf_tokenizer_name', '');
  const reads = tokenizer === '' ? '' : `, for the tokenizer of ${tokenizer}`;
  const problem = `expected the transformer of CLIP or SigLIP, got ${got}${reads}`;
  throw new EmbeddingError('UNSUPPORTED', `${text.where}: ${problem}`);
}

async function clipPlan(model: ConfigReader, files: ModelFiles, signal?: AbortSignal): Promise<TextPlan> {
  const config = openClipTextConfig(model);
  const tokenizer = { contextLength: config.contextLength, clean: 'openai', literals } as const;
  return towerPlan({
    spec: clipTextSpec(config),
    names: namesOf(model, openClipTextNames),
    preprocess: await tokenizerOf(files, (found) => clipTokenizer(found, tokenizer), signal),
    encoder: (params) => clipText(config, params),
  });
}

async function siglipPlan(model: ConfigReader, files: ModelFiles, signal?: AbortSignal): Promise<TextPlan> {
  const config = openSiglipTextConfig(model);
  const { contextLength } = config;
  const canonical = model.object('text_cfg').object('tokenizer_kwargs').string('clean', '') === 'canonicalize';
  const preprocess = await tokenizerOf(
    files,
    (found) =>
      canonical
        ? siglipTokenizer(found, { contextLength, clean: 'open_clip' })
        : parseTokenizer(found, { contextLength, padding: 'max_length' }),
    signal,
  );
  return towerPlan({
    spec: siglipTextSpec(config),
    names: openClipSiglipTextNames,
    preprocess,
    encoder: (params) => siglipText(config, params),
  });
}

/** `CustomTextCLIP` keeps its text tower below `text.`. */
function namesOf(model: ConfigReader, names: NameTable): NameTable {
  return model.flag('custom_text', false) ? prefixNames('text.', names) : names;
}
