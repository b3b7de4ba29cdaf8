import { EmbeddingError, type Encoder, quote, type TextBatch } from '@diptych/core';
import type { Files } from '@diptych/files';
import { joinNames, type ParamsOf, projectionSpec, variablesOf } from '@diptych/nn';
import { bertSpec, bertTokens, type BertConfig } from '@diptych/text-encoder';
import * as tf from '@tensorflow/tfjs-core';
import type { ArchitectureOptions, SpaceParts } from '../architecture.ts';
import { hfBertConfig } from '../hf/bert-config.ts';
import { hfModelConfig } from '../hf/model-config.ts';
import { hfTokenizer } from '../hf/tokenizer.ts';
import { readJson } from '../model-json.ts';
import { loadPlan, textPlan } from '../model-plan.ts';
import { openWeights } from '../open-weights.ts';
import { checkDense, type Dense, denseNames, readDense, withDense } from '../sentence-transformers/dense.ts';
import { namesIn, withLayers } from '../sentence-transformers/load-network.ts';
import { networks } from '../sentence-transformers/networks.ts';
import type { Tower } from '../tower.ts';
import { type LaidOut, type LateKind, layOut } from './laid-out.ts';
import { type LateConfig, readLateConfig } from './late-config.ts';
import { tokenIds } from './token-ids.ts';

/** A model of late interaction with its weights. */
export interface LateModel extends Disposable {
  readonly dim: number;
  readonly weights: NonNullable<SpaceParts['weights']>;
  layOut(texts: readonly string[], kind: LateKind, signal?: AbortSignal): Promise<LaidOut>;
  /** Rows of all tokens, `[n * length, dim]`. */
  forward(batch: TextBatch): tf.Tensor2D;
}

/** ColBERT, Khattab and Zaharia 2020, arXiv:2004.12832: a BERT, and a layer behind each of its tokens. */
export async function loadColbert(files: Files, options: ArchitectureOptions): Promise<LateModel> {
  const { signal } = options;
  const network = await networkConfig(files, signal);
  const config = fitted(await readLateConfig(files, signal), network, files.id);
  const layers = await layersOf(config, { files, width: network.width }, signal);
  checkDense(layers, network.width);
  const own = await openWeights(files, signal);
  const contextLength = Math.max(config.query.length, config.document.length);
  const { vocabSize } = network;
  const preprocess = await hfTokenizer(
    files,
    { contextLength, vocabSize, padding: 'longest', usual: ['vocabText'] },
    { prompts: undefined, ...(signal && { signal }) },
  );
  const id = await tokenIds(files, signal);
  const spec = { network: bertSpec(network), dense: layers.map((layer) => layer.spec) };
  const names = joinNames({
    network: namesIn(own, networks.bert),
    ...Object.fromEntries(
      layers.map((layer, i) => [`dense.${i}`, layer.path ? denseNames(layer) : { names: { '': 'linear' } }]),
    ),
  });
  const text = textPlan({
    spec,
    names,
    preprocess,
    encoder: (params: ParamsOf<typeof spec>) => withDense(tokensOf(network, params.network), layers, params.dense),
  });
  const whole = typeof config.dense === 'number' ? own : await withLayers(own, { layers, files }, signal);
  const parts = await loadPlan(whole, { towers: { text } }, options);
  const tower = parts.towers.text as Tower<string, string, TextBatch>;
  return {
    dim: tower.encoder.dim,
    weights: parts.weights!,
    layOut: async (texts, kind, stop) => layOut(await tower.preprocess(texts, stop), kind, config, id),
    forward: (batch) => tower.encoder.forward(batch),
    [Symbol.dispose]: () => parts[Symbol.dispose](),
  };
}

/** Queries are filled up, and documents cut, where the network ends at the latest. */
function fitted(config: LateConfig, { contextLength }: Network, where: string): LateConfig {
  const { query, document } = config;
  if (query.length <= contextLength) {
    return { ...config, document: { ...document, length: Math.min(document.length, contextLength) } };
  }
  const expected = `queries of at most ${contextLength} tokens, which the network has places for`;
  throw new EmbeddingError('CONFIG_INVALID', { where, expected, got: query.length });
}

type Network = Omit<BertConfig, 'pooling'>;

async function networkConfig(files: Files, signal?: AbortSignal): Promise<Network> {
  const where = `${files.id}/config.json`;
  const reader = hfModelConfig((await readJson(files, 'config.json', signal)) ?? {}, where);
  const type = reader.string('model_type', 'bert');
  if (type === 'bert') return hfBertConfig(reader);
  throw new EmbeddingError('UNSUPPORTED', { where: `${where}: model_type`, expected: 'bert', got: quote(type) });
}

async function layersOf(
  { dense }: LateConfig,
  { files, width }: { readonly files: Files; readonly width: number },
  signal?: AbortSignal,
): Promise<readonly Dense[]> {
  if (typeof dense === 'number') return [{ path: '', spec: projectionSpec(width, dense) }];
  return Promise.all(dense.map(async (module) => readDense(files, module, signal, 'token_embeddings')));
}

/** Tokens that fill a query up are hidden from others, and see those that are not hidden: their states are wanted too. */
function tokensOf(config: Network, params: ParamsOf<ReturnType<typeof bertSpec>>): Encoder<TextBatch> {
  return {
    dim: config.width,
    variables: variablesOf(params),
    forward: (batch) => tf.reshape(bertTokens(config, params, batch, { hidden: true }), [-1, config.width]),
  };
}
