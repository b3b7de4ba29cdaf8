import { type Checkpoint, EmbeddingError } from '@diptych/core';
import { openCheckpoint } from '@diptych/checkpoint';
import type { Files } from '@diptych/files';
import { joinNames, type NameTable, prefixNames } from '@diptych/nn';
import type { TokenPooling } from '@diptych/text-encoder';
import type { ArchitectureOptions, SpaceParts } from '../architecture.ts';
import { hfModelConfig } from '../hf/model-config.ts';
import { hfTokenizer } from '../hf/tokenizer.ts';
import { joinedCheckpoint } from '../joined-checkpoint.ts';
import { readJson } from '../model-json.ts';
import { loadPlan, type TowerPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { ownCode } from '../own-code.ts';
import { subFolder } from '../sub-folder.ts';
import { textTower } from '../tower.ts';
import { lateCure } from './encoding.ts';
import { checkDense, type Dense, denseNames, readDense, withDense } from './dense.ts';
import type { Module } from './modules.ts';
import { isNetworkType, networkTypes } from './network-types.ts';
import { type NetworkKind, networkKind } from './networks.ts';

export interface NetworkOptions {
  readonly pooling: readonly TokenPooling[];
  /** Layers behind the pooling, and where their folders are. Default none. */
  readonly dense?: { readonly modules: readonly Module[]; readonly files: Files };
}

/** A network of texts in a folder of transformers, pooled. */
export async function loadNetwork(
  files: Files,
  { pooling, dense }: NetworkOptions,
  options: ArchitectureOptions,
): Promise<SpaceParts> {
  const { signal } = options;
  const where = `${files.id}/config.json`;
  const json = (await readJson(files, 'config.json', signal)) ?? {};
  const reader = hfModelConfig(json, where);
  const type = reader.string('model_type', 'bert');
  if (!isNetworkType(type)) {
    const expected = networkTypes.join(', ');
    throw new EmbeddingError('UNSUPPORTED', { where: `${where}: model_type`, expected, got: type + ownCode(json) });
  }
  if (Array.isArray(json['architectures']) && json['architectures'].includes('HF_ColBERT')) {
    const expected = 'a network with one vector for each text';
    const place = `${where}: architectures`;
    throw new EmbeddingError('UNSUPPORTED', { where: place, expected, got: 'HF_ColBERT', cure: lateCure });
  }
  const kind = networkKind(type, reader);
  const { encoder, dim, ...sizes } = kind.read(reader, pooling);
  const layers = await layersOf(dense, signal);
  checkDense(layers, dim);
  const own = await openWeights(files, signal);
  const preprocess = await hfTokenizer(files, { ...sizes, padding: 'longest', usual: kind.usual }, options);
  const behind = layers.map(({ spec }) => spec);
  const text: TowerPlan<string> = {
    spec: { network: encoder.spec, dense: behind },
    names: joinNames({
      network: namesIn(own, kind),
      ...Object.fromEntries(layers.map((layer, i) => [`dense.${i}`, denseNames(layer)])),
    }),
    make: (model, path, { prompts }) => {
      const network = encoder.make(model, `${path}.network`);
      const denseParams = model.part(behind, `${path}.dense`);
      return textTower({ preprocess, prompts, encoder: withDense(network, layers, denseParams) });
    },
  };
  const checkpoint = dense ? await withLayers(own, { layers, files: dense.files }, signal) : own;
  return loadPlan(checkpoint, { towers: { text } }, options);
}

async function layersOf(dense: NetworkOptions['dense'], signal?: AbortSignal): Promise<readonly Dense[]> {
  if (!dense) return [];
  return Promise.all(dense.modules.map(async (module) => readDense(dense.files, module, signal)));
}

/** With the arrays of layers, each in its folder; a file of packed weights has those already. */
export async function withLayers(
  own: Checkpoint,
  { layers, files }: { readonly layers: readonly Dense[]; readonly files: Files },
  signal?: AbortSignal,
): Promise<Checkpoint> {
  const others = new Map<string, Checkpoint>();
  for (const { path } of layers) {
    if (own.names.has(`${path}/linear.weight`)) continue;
    others.set(path, await openCheckpoint(subFolder(files, path), signal));
  }
  return joinedCheckpoint(own, others);
}

/**
 * Files of 2018 and 2019 call their layer norms' arrays otherwise, and some have the network's name before every name. What stands
 * beside the network is the head of another task.
 */
export function namesIn({ names }: Checkpoint, kind: NetworkKind): NameTable {
  const prefix = [...names].some((name) => name.startsWith(kind.prefix)) ? kind.prefix : '';
  const isLegacy = kind.legacyNames && names.has(`${prefix}embeddings.LayerNorm.gamma`);
  const table = prefixNames(prefix, isLegacy ? kind.legacyNames : kind.names);
  const heads = [...names].filter((name) => (prefix ? !name.startsWith(prefix) : isHead(name)));
  return { ...table, ignore: [...(table.ignore ?? []), ...heads] };
}

/** The heads of transformers' `…For…` beside a network without a prefix. */
function isHead(name: string): boolean {
  return /^(cls|classifier|qa_outputs|lm_head|head|decoder|pre_classifier|vocab_(transform|layer_norm|projector))\./.test(
    name,
  );
}
