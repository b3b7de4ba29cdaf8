import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import {
  activation,
  fine,
  joinNames,
  linear,
  type Linear,
  linearSpec,
  mlp,
  type Mlp,
  type NameTable,
  type ParamsOf,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Bert, type BertConfig, bertSpec, pooledBert } from './bert.ts';
import { bertNames } from './bert-names.ts';

/** The text tower of CLAP, Wu et al. 2023, arXiv:2211.06687: RoBERTa's first token, through its pooler and two layers. */
export interface ClapTextConfig extends Omit<BertConfig, 'pooling'> {
  /** Length of an embedding. */
  readonly dim: number;
  /** Between the two layers. */
  readonly projectionActivation: string;
}

export type ClapText = { readonly bert: Bert; readonly pooler: Linear; readonly projection: Mlp };

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or an activation is unknown. */
export function clapTextSpec(config: ClapTextConfig): ClapText {
  const { width, dim, projectionActivation } = expectMembers(config, 'config', 'width', 'dim');
  activation(projectionActivation);
  return {
    bert: bertSpec(config),
    pooler: linearSpec(width, width),
    projection: { fc1: fine(linearSpec(width, dim)), fc2: fine(linearSpec(dim, dim)) },
  };
}

/** `forward` throws as that of `bert` does. */
export function clapText(config: ClapTextConfig, params: ParamsOf<ClapText>): Encoder<TextBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward: (batch) => {
      const pooled = tf.tanh(linear(params.pooler, pooledBert({ ...config, pooling: 'cls' }, params.bert, batch)));
      return mlp(params.projection, pooled, activation(config.projectionActivation));
    },
  };
}

/** transformers: the text tower of `ClapModel`. */
export const hfClapTextNames: NameTable = joinNames({
  bert: bertNames('text_model.'),
  pooler: { names: { '': 'text_model.pooler.dense' } },
  projection: { names: { fc1: 'text_projection.linear1', fc2: 'text_projection.linear2' } },
});
