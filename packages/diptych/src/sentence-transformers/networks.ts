import type { ConfigReader, Encoder, TextBatch } from '@diptych/core';
import type { NameTable } from '@diptych/nn';
import {
  bert,
  type BertConfig,
  bertSpec,
  hfBertNames,
  hfDistilBertNames,
  hfLegacyBertNames,
  hfModernBertNames,
  hfMpnetNames,
  jinaBert,
  jinaBertNames,
  jinaBertSpec,
  modernBert,
  modernBertSpec,
  nomicBert,
  nomicBertNames,
  nomicBertSpec,
  type TokenPooling,
} from '@diptych/text-encoder';
import { hfBertConfig, hfDistilBertConfig, hfMpnetConfig, hfRobertaConfig } from '../hf/bert-config.ts';
import { jinaBertConfig } from '../hf/jina-bert-config.ts';
import { hfModernBertConfig } from '../hf/modern-bert-config.ts';
import { nomicBertConfig } from '../hf/nomic-bert-config.ts';
import { type Plan, plan } from '../model-plan.ts';
import type { VocabularyFile } from '../tokenizer-of.ts';
import type { NetworkType } from './network-types.ts';

/** A network of texts before its weights are there. */
export interface Network {
  readonly encoder: Plan<Encoder<TextBatch>>;
  /** Length of what it gives. */
  readonly dim: number;
  readonly contextLength: number;
  readonly vocabSize: number;
}

export interface NetworkKind {
  readonly read: (config: ConfigReader, pooling: readonly TokenPooling[]) => Network;
  readonly names: NameTable;
  /** Of files of 2018 and 2019, where there are any. */
  readonly legacyNames?: NameTable;
  /** Stands before every name in files of a network with the head of a task. */
  readonly prefix: string;
  /** What the model has where it has no `tokenizer.json`; with none of them it needs one. */
  readonly usual: readonly VocabularyFile[];
}

/** By `model_type` of transformers. */
export const networks: Readonly<Record<NetworkType, NetworkKind>> = {
  bert: {
    read: likeBert(hfBertConfig),
    names: hfBertNames,
    legacyNames: hfLegacyBertNames,
    prefix: 'bert.',
    usual: ['vocabText'],
  },
  distilbert: {
    read: likeBert(hfDistilBertConfig),
    names: hfDistilBertNames,
    prefix: 'distilbert.',
    usual: ['vocabText'],
  },
  modernbert: {
    read: network(hfModernBertConfig, (config) => plan(modernBertSpec(config), (params) => modernBert(config, params))),
    names: hfModernBertNames,
    prefix: 'model.',
    usual: [],
  },
  mpnet: { read: likeBert(hfMpnetConfig), names: hfMpnetNames, prefix: 'mpnet.', usual: [] },
  nomic_bert: {
    read: network(nomicBertConfig, (config) => plan(nomicBertSpec(config), (params) => nomicBert(config, params))),
    names: nomicBertNames,
    prefix: 'bert.',
    usual: ['vocabText'],
  },
  roberta: { read: likeBert(hfRobertaConfig), names: hfBertNames, prefix: 'roberta.', usual: [] },
  'xlm-roberta': { read: likeBert(hfRobertaConfig), names: hfBertNames, prefix: 'roberta.', usual: [] },
};

/** By `config.json`: a BERT whose scores fall with distance is Jina's. */
export function networkKind(type: NetworkType, config: ConfigReader): NetworkKind {
  return type === 'bert' && config.value('position_embedding_type') === 'alibi' ? jina : networks[type];
}

const jina: NetworkKind = {
  read: network(jinaBertConfig, (config) => plan(jinaBertSpec(config), (params) => jinaBert(config, params))),
  names: jinaBertNames,
  prefix: 'bert.',
  usual: ['vocabText'],
};

function likeBert(read: (config: ConfigReader) => Omit<BertConfig, 'pooling'>): NetworkKind['read'] {
  return network(read, (config) => plan(bertSpec(config), (params) => bert(config, params)));
}

function network<Config extends Pick<BertConfig, 'width' | 'contextLength' | 'vocabSize'>>(
  read: (config: ConfigReader) => Config,
  encoder: (config: Config & { readonly pooling: readonly TokenPooling[] }) => Network['encoder'],
): NetworkKind['read'] {
  return (reader, pooling) => {
    const config = { ...read(reader), pooling };
    const { contextLength, vocabSize, width } = config;
    return { encoder: encoder(config), dim: width * pooling.length, contextLength, vocabSize };
  };
}
