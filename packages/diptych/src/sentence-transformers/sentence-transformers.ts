import { type Checkpoint, configReader, EmbeddingError, quote } from '@diptych/core';
import type { Files } from '@diptych/files';
import { type NameTable, prefixNames } from '@diptych/nn';
import {
  bert,
  type BertConfig,
  bertSpec,
  hfBertNames,
  hfLegacyBertNames,
  type TokenPooling,
} from '@diptych/text-encoder';
import type { Architecture, ArchitectureOptions, SpaceParts } from '../architecture.ts';
import { hfBertConfig } from '../hf/bert-config.ts';
import { hfChineseClip } from '../hf/chinese-clip.ts';
import { hfClip } from '../hf/clip.ts';
import { hfSiglip } from '../hf/siglip.ts';
import { readJson } from '../model-json.ts';
import { loadPlan, textPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { packedIn } from '../packed-in.ts';
import { ownCode } from '../refusals.ts';
import { subFolder } from '../sub-folder.ts';
import { withConfigNames } from './config-names.ts';
import { readEncoding } from './encoding.ts';
import { type Module, readModules } from './modules.ts';
import { poolingOf } from './pooling.ts';
import { hfModelConfig } from '../hf/model-config.ts';
import { hfTokenizer } from '../hf/tokenizer.ts';

/** A model of sentence-transformers: `modules.json` with CLIP, or with a BERT, its pooling and a normalisation. */
export const sentenceTransformers: Architecture = {
  version: 1,
  name: 'sentence-transformers',
  async open(files, options) {
    const modules = await readModules(files, options.signal);
    if (!modules) return undefined;
    const types = modules.map(({ type }) => type).join(', ');
    const [first, pooling] = modules;
    const normalized = modules.at(-1)?.type === 'Normalize';
    const { prompts, ...encoding } = await readEncoding(files, normalized, options.signal);
    const prompted = { ...options, prompts };
    if (first && /^(CLIPModel|Transformer)(, Normalize)?$/.test(types)) {
      const parts = await openWhole(files, first.path, prompted);
      if (parts) return { ...parts, ...encoding };
    }
    if (first && pooling && /^Transformer, Pooling(, Normalize)?$/.test(types)) {
      return { ...(await openBert(files, [first, pooling], prompted)), ...encoding };
    }
    throw await unknownModules(files, modules, options.signal);
  },
};

/** A model of texts and images in one module. */
async function openWhole(files: Files, path: string, options: ArchitectureOptions): Promise<SpaceParts | undefined> {
  for (const architecture of [hfClip, hfSiglip, hfChineseClip]) {
    const below = path === '' ? options : packedIn(`${path}/`, options);
    const parts = await architecture.open(withConfigNames(subFolder(files, path)), below);
    if (parts) return parts;
  }
  return undefined;
}

/** What is not known of the modules: their classes, and the network in the first. */
async function unknownModules(files: Files, modules: readonly Module[], signal?: AbortSignal): Promise<EmbeddingError> {
  const expected = 'CLIPModel, Transformer alone (CLIP, SigLIP), or Transformer, Pooling and perhaps Normalize (BERT)';
  const got = modules.map(({ type }) => type).join(', ');
  const folder = subFolder(files, modules[0]?.path ?? '');
  const config = (await readJson(folder, 'config.json', signal)) ?? {};
  const network = config['model_type'] === undefined ? '' : ` with model_type ${quote(config['model_type'])}`;
  const own = modules.some((module) => module.own) ? { auto_map: true } : config;
  return new EmbeddingError('UNSUPPORTED', {
    where: `${files.id}/modules.json`,
    expected,
    got: `${got}${network}${ownCode(own)}`,
  });
}

async function openBert(
  files: Files,
  [transformer, pooling]: readonly [Module, Module],
  options: ArchitectureOptions,
): Promise<SpaceParts> {
  const folder = withConfigNames(subFolder(files, transformer.path));
  const where = `${files.id}/${pooling.path}/config.json`;
  const json = await readJson(subFolder(files, pooling.path), 'config.json', options.signal);
  if (!json) throw new EmbeddingError('NOT_FOUND', { where, expected: 'how tokens are pooled', got: 'no such file' });
  const below = transformer.path === '' ? options : packedIn(`${transformer.path}/`, options);
  const config = configReader(json, where);
  const prompts = { ...options.prompts, pooled: config.flag('include_prompt', true) };
  return loadBert(folder, poolingOf(config), { ...below, prompts });
}

/** BERT in a folder of transformers, pooled. */
async function loadBert(
  files: Files,
  pooling: readonly TokenPooling[],
  options: ArchitectureOptions,
): Promise<SpaceParts> {
  const { signal } = options;
  const where = `${files.id}/config.json`;
  const json = (await readJson(files, 'config.json', signal)) ?? {};
  const reader = hfModelConfig(json, where);
  const type = reader.string('model_type', 'bert');
  if (type !== 'bert') {
    throw new EmbeddingError('UNSUPPORTED', {
      where: `${where}: model_type`,
      expected: 'bert',
      got: `${type}${ownCode(json)}`,
    });
  }
  const config: BertConfig = { ...hfBertConfig(reader), pooling };
  const { contextLength, vocabSize } = config;
  const checkpoint = await openWeights(files, signal);
  const text = textPlan({
    spec: bertSpec(config),
    names: bertNamesIn(checkpoint),
    preprocess: await hfTokenizer(
      files,
      { contextLength, vocabSize, padding: 'longest', usual: ['vocabText'] },
      options,
    ),
    encoder: (params) => bert(config, params),
  });
  return loadPlan(checkpoint, { towers: { text } }, options);
}

/**
 * Files of 2018 and 2019 call their layer norms' arrays otherwise, and some have `bert.` before every name. What stands
 * beside the network is the head of another task.
 */
function bertNamesIn({ names }: Checkpoint): NameTable {
  const prefix = names.has('bert.embeddings.word_embeddings.weight') ? 'bert.' : '';
  const table = prefixNames(prefix, names.has(`${prefix}embeddings.LayerNorm.gamma`) ? hfLegacyBertNames : hfBertNames);
  const heads = [...names].filter((name) => (prefix ? !name.startsWith(prefix) : isHead(name)));
  return { ...table, ignore: [...(table.ignore ?? []), ...heads] };
}

/** The heads of transformers' `BertFor…` beside a network without a prefix. */
function isHead(name: string): boolean {
  return /^(cls|classifier|qa_outputs)\./.test(name);
}

/** BERT as transformers publishes it, without `modules.json`: the mean of its tokens, as sentence-transformers does. */
export const hfBert: Architecture = {
  version: 1,
  name: 'bert',
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    return json?.['model_type'] === 'bert' ? loadBert(files, ['mean'], options) : undefined;
  },
};
