import { type ConfigReader, EmbeddingError, type Encoder, expectMembers, quote, type TextBatch } from '@diptych/core';
import type { Files } from '@diptych/files';
import { joinNames, type ParamsOf, prefixNames, projectionSpec } from '@diptych/nn';
import { bert, type BertConfig, bertSpec, hfBertNames } from '@diptych/text-encoder';
import { hfRobertaConfig } from '../hf/bert-config.ts';
import { hfModelConfig } from '../hf/model-config.ts';
import { type Json, readJson } from '../model-json.ts';
import { textPlan, type TowerPlan } from '../model-plan.ts';
import { type Dense, withDense } from '../sentence-transformers/dense.ts';
import { subFolder } from '../sub-folder.ts';
import { openClipTokenizer } from './tokenizer.ts';

const base = {
  model_type: 'xlm-roberta',
  vocab_size: 250_002,
  type_vocab_size: 1,
  max_position_embeddings: 514,
  layer_norm_eps: 1e-5,
};
const large = { hidden_size: 1024, num_hidden_layers: 24, num_attention_heads: 16, intermediate_size: 4096 };

/** What transformers' `config.json` says of the networks that are named; what is left out has its defaults. */
const published: ReadonlyMap<string, Json> = new Map([
  ['xlm-roberta-base', base],
  ['xlm-roberta-large', { ...base, ...large }],
]);

/**
 * A network of transformers as the text tower of open_clip's `HFTextEncoder`: the mean of its tokens, and one or two layers
 * without biases behind it.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for another network, pooling or projection.
 */
export async function hfTextPlan(model: ConfigReader, files: Files, signal?: AbortSignal): Promise<TowerPlan<string>> {
  const text = model.object('text_cfg');
  expectOne(text, ['hf_pooler_type', 'pooler_type'], ['mean_pooler']);
  const config = { ...hfRobertaConfig(await networkConfig(text, files, signal)), pooling: 'mean' } as const;
  const layers = layersOf(text, config.width, model.count('embed_dim', 512));
  const { vocabSize } = config;
  const contextLength = Math.min(text.count('context_length', 77), config.contextLength);
  const dense = layers.map(({ spec }) => spec);
  const spec = { network: bertSpec(config), dense };
  return textPlan({
    spec,
    names: joinNames({
      network: prefixNames('text.transformer.', hfBertNames),
      ...Object.fromEntries(layers.map(({ path }, i) => [`dense.${i}`, { names: { '': path } }])),
    }),
    preprocess: await openClipTokenizer(text, files, { contextLength, vocabSize }, signal),
    encoder: (params: ParamsOf<typeof spec>) =>
      withDense(withoutPadding(config, bert(config, params.network)), layers, params.dense),
  });
}

/** Whatever a mask says, what is not padding counts, as in open_clip, which has no mask. */
function withoutPadding({ paddingId }: BertConfig, network: Encoder<TextBatch>): Encoder<TextBatch> {
  return {
    ...network,
    forward: (batch) => {
      const { ids } = expectMembers(batch, 'text', 'ids');
      return network.forward({ ...batch, mask: Int32Array.from(ids, (id) => Number(id !== paddingId)) });
    },
  };
}

/** The configuration of `hf_model_name`: of a network that is known, or in a folder of the model, where it is a path in there. */
async function networkConfig(text: ConfigReader, files: Files, signal?: AbortSignal): Promise<ConfigReader> {
  const name = text.string('hf_model_name').replace(/^(FacebookAI|\.)\//, '');
  const json = published.get(name) ?? (await readJson(subFolder(files, name), 'config.json', signal));
  if (json?.['model_type'] === 'xlm-roberta') return hfModelConfig(json, `${files.id}/${name}/config.json`);
  throw new EmbeddingError('UNSUPPORTED', {
    where: `${text.where}: hf_model_name`,
    expected: `${[...published.keys()].join(', ')}, or a folder with the config.json of an XLM-R`,
    got: quote(name),
  });
}

/** open_clip's MLP is half as wide as what it joins. */
function layersOf(text: ConfigReader, width: number, dim: number): readonly Dense[] {
  const type = expectOne(text, ['hf_proj_type', 'proj'], ['mlp', 'linear']);
  if (type === 'linear') return [{ path: 'text.proj', spec: projectionSpec(width, dim) }];
  const hidden = Math.floor((width + dim) / 2);
  return [
    { path: 'text.proj.0', spec: projectionSpec(width, hidden), activation: 'gelu' },
    { path: 'text.proj.2', spec: projectionSpec(hidden, dim) },
  ];
}

/** The value of a field that has two spellings, the newer one first; the first value that is known is the default. */
function expectOne(text: ConfigReader, fields: readonly string[], known: readonly string[]): string {
  const field = fields.find((one) => text.value(one) !== undefined) ?? fields[0]!;
  const given = text.value(field);
  const got = given === undefined ? known[0] : given;
  const found = known.find((one) => one === got);
  if (found !== undefined) return found;
  throw new EmbeddingError('UNSUPPORTED', {
    where: `${text.where}: ${field}`,
    expected: known.join(' or '),
    got: quote(got),
  });
}
