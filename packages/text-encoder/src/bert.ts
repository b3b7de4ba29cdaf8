import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import {
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  lookup,
  type LookupParam,
  normal,
  param,
  type Param,
  type ParamsOf,
  postNormBlock,
  relativeBias,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  transformerSpec,
  unpackTokens,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens, type TokenLimits } from './check-tokens.ts';
import { bothMasks, firstPlace, placesAfter, rowsOf, type TokenRows } from './packed-texts.ts';
import { pooledStates, type TokenPooling } from './token-pooling.ts';
import { tokenStates } from './token-states.ts';

/** BERT, Devlin et al. 2018, arXiv:1810.04805, pooled as sentence-transformers does. */
export interface BertConfig extends TransformerConfig, TokenLimits {
  /** Kinds of segments that the file has vectors for, 0 where it has none; a text alone is of the first kind. */
  readonly tokenTypes: number;
  /**
   * The id of padding where places count from the one after it and pass over padding, as those of RoBERTa do. Default from 0, each
   * token one.
   */
  readonly paddingId?: number | undefined;
  /** Buckets of distances, with a bias of each head for each, one table for all layers; see `relativeBias`. Default none. */
  readonly relativeBuckets?: number | undefined;
  /** Of several, the vectors stand one after the other in an embedding. */
  readonly pooling: TokenPooling | readonly TokenPooling[];
}

export type Bert = {
  readonly tokens: LookupParam;
  readonly positions: Param<readonly [number, number]>;
  /** `[tokenTypes, width]`. */
  readonly types?: Param<readonly [number, number]>;
  /** `[relativeBuckets, heads]`. */
  readonly relative?: Param<readonly [number, number]>;
  readonly norm: LayerNorm;
  readonly blocks: readonly TransformerBlock[];
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function bertSpec(config: Omit<BertConfig, 'pooling'>): Bert {
  const { vocabSize, contextLength, tokenTypes, width, heads, paddingId, relativeBuckets } = expectMembers(
    config,
    'config',
    'vocabSize',
    'contextLength',
    'tokenTypes',
    'width',
  );
  return {
    tokens: lookup(vocabSize, width, normal(0.02)),
    positions: param([contextLength + firstPlace(paddingId), width], normal(0.02)),
    ...(tokenTypes > 0 && { types: param([tokenTypes, width], normal(0.02)) }),
    ...(relativeBuckets && { relative: param([relativeBuckets, heads], normal(0.02)) }),
    norm: layerNormSpec(width),
    blocks: transformerSpec(config),
  };
}

/**
 * Embeddings as long as the model is wide, by each pooling. Padding has no influence.
 *
 * `forward` throws `INPUT_INVALID` for an id outside the vocabulary, and `SHAPE_MISMATCH` for texts longer than the
 * context.
 */
export function bert(config: BertConfig, params: ParamsOf<Bert>): Encoder<TextBatch> {
  expectObjects({ config, params });
  expectMembers(config, 'config', 'width', 'pooling');
  return {
    dim: config.width * (typeof config.pooling === 'string' ? 1 : config.pooling.length),
    variables: variablesOf(params),
    forward: (batch) => pooledBert(config, params, batch),
  };
}

/** One vector for each text, `[n, width]`, or as wide as all poolings. */
export function pooledBert(config: BertConfig, params: ParamsOf<Bert>, batch: TextBatch): tf.Tensor2D {
  checkTokens(batch, config);
  return pooledStates(batch, config.pooling, (at) => states(config, params, batch, { at }));
}

/**
 * One vector for each token, `[n, length, width]`. Those of padding mean nothing, unless they are asked for.
 *
 * @param options `hidden`: what the mask hides from all tokens has states too, of those that it does not hide.
 */
export function bertTokens(
  config: Omit<BertConfig, 'pooling'>,
  params: ParamsOf<Bert>,
  batch: TextBatch,
  options: { readonly hidden?: boolean } = {},
): tf.Tensor3D {
  expectObjects({ config, params, batch, options });
  checkTokens(batch, config);
  return states(config, params, batch, { isWhole: options.hidden });
}

function states(
  config: Omit<BertConfig, 'pooling'>,
  params: ParamsOf<Bert>,
  batch: TextBatch,
  { at, isWhole }: { readonly at?: readonly number[] | undefined; readonly isWhole?: boolean | undefined },
): tf.Tensor3D {
  const { rows: packed, longest, hidden } = rowsOf(batch, isWhole);
  const { paddingId } = config;
  const rows: TokenRows = paddingId === undefined ? packed : { ...packed, places: placesAfter(paddingId, packed) };
  const { lengths } = rows;
  const { types, relative } = params;
  const bias = relative && relativeBias(relative, longest);
  const mask = bothMasks(bias, hidden);
  const words = tokenStates(params, rows);
  const x = types ? tf.add<tf.Tensor3D>(words, tf.slice(types, [0, 0], [1, -1])) : words;
  const first = layerNorm(params.norm, x, config.layerNormEpsilon);
  const last = transformer(config, params.blocks, first, { mask, at, lengths, block: postNormBlock });
  return at || !lengths ? last : unpackTokens(last, lengths, batch.shape[1]);
}
