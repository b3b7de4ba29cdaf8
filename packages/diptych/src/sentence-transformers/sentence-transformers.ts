import { configReader, EmbeddingError, quote } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { Architecture, ArchitectureOptions, SpaceParts } from '../architecture.ts';
import { hfChineseClip } from '../hf/chinese-clip.ts';
import { hfClip } from '../hf/clip.ts';
import { hfSiglip } from '../hf/siglip.ts';
import { readJson } from '../model-json.ts';
import { packedIn } from '../packed-in.ts';
import { ownCode } from '../own-code.ts';
import { subFolder } from '../sub-folder.ts';
import { withConfigNames } from './config-names.ts';
import { readEncoding } from './encoding.ts';
import { type Module, readModules } from './modules.ts';
import { isNetworkType } from './network-types.ts';
import { poolingOf } from './pooling.ts';

/** A model of sentence-transformers: `modules.json` with CLIP, or with a network of BERT's kind, its pooling, layers and a normalisation. */
export const sentenceTransformers: Architecture = {
  version: 1,
  name: 'sentence-transformers',
  async open(files, options) {
    const modules = await readModules(files, options.signal);
    if (!modules) return undefined;
    const types = modules.map(({ type }) => type).join(', ');
    const [first, pooling, ...behind] = modules;
    const normalized = modules.at(-1)?.type === 'Normalize';
    const { prompts, ...encoding } = await readEncoding(files, normalized, options.signal);
    const prompted = { ...options, prompts };
    if (first && /^(CLIPModel|Transformer)(, Normalize)?$/.test(types)) {
      const parts = await openWhole(files, first.path, prompted);
      if (parts) return { ...parts, ...encoding };
    }
    if (first && pooling && /^Transformer, Pooling(, Dense)*(, Normalize)?$/.test(types)) {
      return { ...(await openPooled(files, [first, pooling, ...behind], prompted)), ...encoding };
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
  const expected =
    'CLIPModel, Transformer alone (CLIP, SigLIP), or Transformer, Pooling and perhaps Dense and Normalize (BERT and its kind)';
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

async function openPooled(
  files: Files,
  [transformer, pooling, ...behind]: readonly [Module, Module, ...Module[]],
  options: ArchitectureOptions,
): Promise<SpaceParts> {
  const folder = withConfigNames(subFolder(files, transformer.path));
  const where = `${files.id}/${pooling.path}/config.json`;
  const json = await readJson(subFolder(files, pooling.path), 'config.json', options.signal);
  if (!json) throw new EmbeddingError('NOT_FOUND', { where, expected: 'how tokens are pooled', got: 'no such file' });
  const below = transformer.path === '' ? options : packedIn(`${transformer.path}/`, options);
  const config = configReader(json, where);
  const prompts = { ...options.prompts, pooled: config.flag('include_prompt', true) };
  const dense = behind.filter(({ type }) => type === 'Dense');
  const { loadNetwork } = await import('../later-networks.ts');
  return loadNetwork(
    folder,
    { pooling: poolingOf(config), ...(dense.length > 0 && { dense: { modules: dense, files } }) },
    { ...below, prompts },
  );
}

/** BERT and its kind as transformers publishes it, without `modules.json`: the mean of its tokens, as sentence-transformers does. */
export const hfBert: Architecture = {
  version: 1,
  name: 'bert',
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    if (!isNetworkType(json?.['model_type'])) return undefined;
    const { loadNetwork } = await import('../later-networks.ts');
    return loadNetwork(files, { pooling: ['mean'] }, options);
  },
};
