import { type ModelFiles, openCheckpoint } from '@diptych/checkpoint';
import { type Checkpoint, EmbeddingError } from '@diptych/core';
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
import { configReader } from '../config-reader.ts';
import { hfBertConfig } from '../hf/bert-config.ts';
import { hfClip } from '../hf/clip.ts';
import { readJson } from '../model-json.ts';
import { loadPlan, towerPlan } from '../model-plan.ts';
import { subFolder } from '../sub-folder.ts';
import { type Module, readModules } from './modules.ts';
import { poolingOf } from './pooling.ts';
import { hfTokenizer } from '../hf/tokenizer.ts';

/** A model of sentence-transformers: `modules.json` with CLIP, or with a BERT, its pooling and a normalisation. */
export const sentenceTransformers: Architecture = {
  name: 'sentence-transformers',
  async open(files, options) {
    const modules = await readModules(files, options.signal);
    if (!modules) return undefined;
    const types = modules.map(({ type }) => type).join(', ');
    if (types === 'CLIPModel') return hfClip.open(subFolder(files, modules[0]!.path), options);
    if (!/^Transformer, Pooling(, Normalize)?$/.test(types)) {
      const expected = 'CLIPModel, or Transformer, Pooling and perhaps Normalize';
      throw new EmbeddingError('UNSUPPORTED', `${files.id}/modules.json: expected ${expected}, got ${types}`);
    }
    return openBert(files, modules as [Module, Module], options);
  },
};

async function openBert(
  files: ModelFiles,
  [transformer, pooling]: readonly [Module, Module],
  options: ArchitectureOptions,
): Promise<SpaceParts> {
  const folder = subFolder(files, transformer.path);
  const where = `${files.id}/${pooling.path}/config.json`;
  const poolingJson = (await readJson(subFolder(files, pooling.path), 'config.json', options.signal)) ?? {};
  return loadBert(folder, poolingOf(configReader(poolingJson, where)), options);
}

/** BERT in a folder of transformers, pooled; its texts are cut off where the folder's configuration says. */
async function loadBert(files: ModelFiles, pooling: TokenPooling, options: ArchitectureOptions): Promise<SpaceParts> {
  const { signal } = options;
  const where = `${files.id}/config.json`;
  const reader = configReader((await readJson(files, 'config.json', signal)) ?? {}, where);
  const type = reader.string('model_type', 'bert');
  if (type !== 'bert') {
    throw new EmbeddingError('UNSUPPORTED', `${where}: model_type: expected bert, got ${type}`);
  }
  const config: BertConfig = { ...hfBertConfig(reader), pooling };
  const sentence = (await readJson(files, 'sentence_bert_config.json', signal)) ?? {};
  const contextLength = configReader(sentence, files.id).count('max_seq_length', config.contextLength);
  const checkpoint = await openCheckpoint(files, signal);
  const text = towerPlan({
    spec: bertSpec(config),
    names: bertNamesIn(checkpoint),
    preprocess: await hfTokenizer(files, { contextLength, padding: 'longest' }, signal),
    encoder: (params) => bert(config, params),
  });
  return loadPlan(checkpoint, { text }, options);
}

/** Files of 2018 and 2019 call their layer norms' arrays otherwise, and some have `bert.` before every name. */
function bertNamesIn({ names }: Checkpoint): NameTable {
  const prefix = names.has('bert.embeddings.word_embeddings.weight') ? 'bert.' : '';
  const old = names.has(`${prefix}embeddings.LayerNorm.gamma`);
  return prefixNames(prefix, old ? hfLegacyBertNames : hfBertNames);
}

/** BERT as transformers publishes it, without `modules.json`: the mean of its tokens, as sentence-transformers does. */
export const hfBert: Architecture = {
  name: 'bert',
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    return json?.['model_type'] === 'bert' ? loadBert(files, 'mean', options) : undefined;
  },
};
