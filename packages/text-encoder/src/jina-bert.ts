import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import {
  activation,
  type Attention,
  inTurn,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  type Linear,
  linearBias,
  linearSpec,
  lookup,
  type LookupParam,
  type NameTable,
  normal,
  param,
  type Param,
  type ParamsOf,
  type Projection,
  projectionSpec,
  type TransformerConfig,
  transformerSpec,
  unpackTokens,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens, type TokenLimits } from './check-tokens.ts';
import { bothMasks, rowsOf } from './packed-texts.ts';
import { postNormGated } from './nomic-bert.ts';
import { pooledStates, type TokenPooling } from './token-pooling.ts';
import { wordStates } from './token-states.ts';

/** JinaBERT, Günther et al. 2023, arXiv:2310.19923: BERT with a gated perceptron whose scores fall with distance, both ways. */
export interface JinaBertConfig extends TransformerConfig, TokenLimits {
  /** Kinds of segments that the file has vectors for; a text alone is of the first kind. */
  readonly tokenTypes: number;
  /** Of several, the vectors stand one after the other in an embedding. */
  readonly pooling: TokenPooling | readonly TokenPooling[];
}

export type JinaBertBlock = {
  readonly attention: Attention;
  readonly norm1: LayerNorm;
  /** Gates and values have no bias. */
  readonly mlp: { readonly fc1: Projection; readonly fc2: Linear };
  readonly norm2: LayerNorm;
};

export type JinaBert = {
  readonly tokens: LookupParam;
  /** `[tokenTypes, width]`. */
  readonly types: Param<readonly [number, number]>;
  readonly norm: LayerNorm;
  readonly blocks: readonly JinaBertBlock[];
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function jinaBertSpec(config: Omit<JinaBertConfig, 'pooling'>): JinaBert {
  const { vocabSize, tokenTypes, width, mlpWidth } = expectMembers(config, 'config', 'vocabSize', 'layers');
  const init = normal(0.02);
  return {
    tokens: lookup(vocabSize, width, init),
    types: param([tokenTypes, width], init),
    norm: layerNormSpec(width),
    blocks: transformerSpec(config).map(({ attention, norm1, norm2 }) => ({
      attention,
      norm1,
      mlp: { fc1: projectionSpec(width, 2 * mlpWidth, init), fc2: linearSpec(mlpWidth, width, init) },
      norm2,
    })),
  };
}

/**
 * Embeddings as long as the model is wide, by each pooling. `forward` throws as that of `bert` does. What is added to the scores of a
 * text of n tokens takes `4 · heads · n²` bytes.
 */
export function jinaBert(config: JinaBertConfig, params: ParamsOf<JinaBert>): Encoder<TextBatch> {
  expectObjects({ config, params });
  const { width, pooling } = expectMembers(config, 'config', 'width', 'pooling');
  return {
    dim: width * (typeof pooling === 'string' ? 1 : pooling.length),
    variables: variablesOf(params),
    forward(batch) {
      checkTokens(batch, config);
      return pooledStates(batch, pooling, (at) => states(config, params, batch, at));
    },
  };
}

/** One vector for each token, `[n, length, width]`. Those of padding mean nothing. */
export function jinaBertTokens(
  config: Omit<JinaBertConfig, 'pooling'>,
  params: ParamsOf<JinaBert>,
  batch: TextBatch,
): tf.Tensor3D {
  expectObjects({ config, params, batch });
  checkTokens(batch, config);
  return states(config, params, batch);
}

function states(
  config: Omit<JinaBertConfig, 'pooling'>,
  params: ParamsOf<JinaBert>,
  batch: TextBatch,
  at?: readonly number[],
): tf.Tensor3D {
  const { heads, layerNormEpsilon } = config;
  const { rows, longest, hidden } = rowsOf(batch);
  const { lengths } = rows;
  const mask = bothMasks(linearBias(heads, longest), hidden);
  const words = tf.add<tf.Tensor3D>(wordStates(params.tokens, rows), tf.slice(params.types, [0, 0], [1, -1]));
  const own = { heads, mask, lengths, activation: activation(config.activation), layerNormEpsilon };
  const steps = params.blocks.map(
    (block, i) => (x: tf.Tensor3D) =>
      postNormGated(block, x, { ...own, at: i + 1 < params.blocks.length ? undefined : at }),
  );
  const last = inTurn(steps, layerNorm(params.norm, words, layerNormEpsilon));
  return at || !lengths ? last : unpackTokens(last, lengths, batch.shape[1]);
}

const layer = 'encoder.layer.*';

/** As `jina-embeddings-v2-*` has it: `JinaBertModel`. The pooler is left, as that of BERT. */
export const jinaBertNames: NameTable = {
  names: {
    tokens: 'embeddings.word_embeddings.weight',
    types: 'embeddings.token_type_embeddings.weight',
    norm: 'embeddings.LayerNorm',
    'blocks.*.attention.inProj': ['query', 'key', 'value'].map((name) => `${layer}.attention.self.${name}`),
    'blocks.*.attention.outProj': `${layer}.attention.output.dense`,
    'blocks.*.norm1': `${layer}.attention.output.LayerNorm`,
    'blocks.*.mlp.fc1': `${layer}.mlp.gated_layers`,
    'blocks.*.mlp.fc2': `${layer}.mlp.wo`,
    'blocks.*.norm2': `${layer}.mlp.layernorm`,
  },
  ignore: ['embeddings.position_ids', 'pooler.dense.weight', 'pooler.dense.bias'],
};

const flash = 'text_model.transformer';
const block = `${flash}.encoder.layers.*`;

/** As jina-clip-v1 has it. */
export const jinaClipTextNames: NameTable = {
  names: {
    tokens: `${flash}.embeddings.word_embeddings.weight`,
    types: `${flash}.embeddings.token_type_embeddings.weight`,
    norm: `${flash}.emb_ln`,
    'blocks.*.attention.inProj': `${block}.mixer.Wqkv`,
    'blocks.*.attention.outProj': `${block}.mixer.out_proj`,
    'blocks.*.norm1': `${block}.norm1`,
    'blocks.*.mlp.fc1': `${block}.mlp.gated_layers`,
    'blocks.*.mlp.fc2': `${block}.mlp.wo`,
    'blocks.*.norm2': `${block}.norm2`,
  },
};
