import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import {
  fine,
  joinNames,
  linear,
  type NameTable,
  normal,
  type ParamsOf,
  type Projection,
  projectionSpec,
  variablesOf,
} from '@diptych/nn';
import { type Bert, type BertConfig, bertSpec, pooledBert } from './bert.ts';
import { bertNames } from './bert-names.ts';

/** The text tower of Chinese-CLIP, Yang et al. 2022, arXiv:2211.01335: BERT's first token, projected. */
export interface ChineseClipTextConfig extends Omit<BertConfig, 'pooling'> {
  /** Length of an embedding. */
  readonly dim: number;
}

export type ChineseClipText = { readonly bert: Bert; readonly projection: Projection };

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function chineseClipTextSpec(config: ChineseClipTextConfig): ChineseClipText {
  const { width, dim } = expectMembers(config, 'config', 'width', 'dim');
  return { bert: bertSpec(config), projection: fine(projectionSpec(width, dim, normal(width ** -0.5))) };
}

/** `forward` throws as that of `bert` does. */
export function chineseClipText(config: ChineseClipTextConfig, params: ParamsOf<ChineseClipText>): Encoder<TextBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward: (batch) => linear(params.projection, pooledBert({ ...config, pooling: 'cls' }, params.bert, batch)),
  };
}

/** transformers: the text tower of `ChineseCLIPModel`. Its image tower is named as CLIP's. */
export const hfChineseClipTextNames: NameTable = joinNames({
  bert: bertNames('text_model.'),
  projection: { names: { '': 'text_projection' } },
});
