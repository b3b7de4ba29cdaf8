import type { ConfigReader, Encoder, TextBatch } from '@diptych/core';
import type { NameTable } from '@diptych/nn';
import {
  bert,
  type BertConfig,
  bertSpec,
  hfBertNames,
  hfDistilBertNames,
  hfLegacyBertNames,
  hfMpnetNames,
  type TokenPooling,
} from '@diptych/text-encoder';
import { hfBertConfig, hfDistilBertConfig, hfMpnetConfig, hfRobertaConfig } from '../hf/bert-config.ts';
import { type Plan, plan } from '../model-plan.ts';
import type { VocabularyFile } from '../tokenizer-of.ts';

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
export const networks: ReadonlyMap<unknown, NetworkKind> = new Map<unknown, NetworkKind>([
  [
    'bert',
    {
      read: likeBert(hfBertConfig),
      names: hfBertNames,
      legacyNames: hfLegacyBertNames,
      prefix: 'bert.',
      usual: ['vocabText'],
    },
  ],
  [
    'distilbert',
    { read: likeBert(hfDistilBertConfig), names: hfDistilBertNames, prefix: 'distilbert.', usual: ['vocabText'] },
  ],
  ['mpnet', { read: likeBert(hfMpnetConfig), names: hfMpnetNames, prefix: 'mpnet.', usual: [] }],
  ['roberta', { read: likeBert(hfRobertaConfig), names: hfBertNames, prefix: 'roberta.', usual: [] }],
  ['xlm-roberta', { read: likeBert(hfRobertaConfig), names: hfBertNames, prefix: 'roberta.', usual: [] }],
]);

function likeBert(read: (config: ConfigReader) => Omit<BertConfig, 'pooling'>): NetworkKind['read'] {
  return (reader, pooling) => {
    const config = { ...read(reader), pooling };
    const { contextLength, vocabSize } = config;
    const dim = config.width * pooling.length;
    return { encoder: plan(bertSpec(config), (params) => bert(config, params)), dim, contextLength, vocabSize };
  };
}
