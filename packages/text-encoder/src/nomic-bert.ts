import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import {
  type GatedMlp,
  gatedMlp,
  type GatedMlpOptions,
  gatedMlpSpec,
  inTurn,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  lookup,
  type LookupParam,
  type NameTable,
  normal,
  param,
  type Param,
  type ParamsOf,
  type Projection,
  projectionSpec,
  rotaryPositions,
  type RotaryPairs,
  selfAttention,
  type SelfAttentionOptions,
  silu,
  tokensAt,
  type TransformerConfig,
  unpackTokens,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens, type TokenLimits } from './check-tokens.ts';
import { rowsOf } from './packed-texts.ts';
import { pooledStates, type TokenPooling } from './token-pooling.ts';
import { wordStates } from './token-states.ts';

/** The text network of Nomic Embed, Nussbaum et al. 2024, arXiv:2402.01613: BERT with rotary positions and SwiGLU. */
export interface NomicBertConfig extends Omit<TransformerConfig, 'activation'>, TokenLimits {
  /** Kinds of segments that the file has vectors for; a text alone is of the first kind. */
  readonly tokenTypes: number;
  readonly rotaryBase: number;
  readonly rotaryPairs: RotaryPairs;
  /** Of several, the vectors stand one after the other in an embedding. */
  readonly pooling: TokenPooling | readonly TokenPooling[];
}

export type NomicBertBlock = {
  readonly attention: { readonly inProj: Projection; readonly outProj: Projection };
  readonly norm1: LayerNorm;
  readonly mlp: GatedMlp;
  readonly norm2: LayerNorm;
};

export type NomicBert = {
  readonly tokens: LookupParam;
  /** `[tokenTypes, width]`. */
  readonly types: Param<readonly [number, number]>;
  readonly norm: LayerNorm;
  readonly blocks: readonly NomicBertBlock[];
};

export function nomicBertSpec(config: Omit<NomicBertConfig, 'pooling'>): NomicBert {
  const { vocabSize, tokenTypes, width, mlpWidth, layers } = expectMembers(config, 'config', 'vocabSize', 'layers');
  const init = normal(0.02);
  return {
    tokens: lookup(vocabSize, width, init),
    types: param([tokenTypes, width], init),
    norm: layerNormSpec(width),
    blocks: Array.from({ length: layers }, () => ({
      attention: { inProj: projectionSpec(width, 3 * width, init), outProj: projectionSpec(width, width, init) },
      norm1: layerNormSpec(width),
      mlp: gatedMlpSpec(width, mlpWidth, projectionSpec),
      norm2: layerNormSpec(width),
    })),
  };
}

/** Embeddings as long as the model is wide, by each pooling. `forward` throws as that of `bert` does. */
export function nomicBert(config: NomicBertConfig, params: ParamsOf<NomicBert>): Encoder<TextBatch> {
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

function states(
  config: Omit<NomicBertConfig, 'pooling'>,
  params: ParamsOf<NomicBert>,
  batch: TextBatch,
  at?: readonly number[],
): tf.Tensor3D {
  const { width, heads, rotaryBase, rotaryPairs, layerNormEpsilon } = config;
  const { rows, longest, hidden: mask } = rowsOf(batch);
  const { lengths, places = Int32Array.from({ length: longest }, (_, i) => i) } = rows;
  const rotary = rotaryPositions(places, { size: width / heads, base: rotaryBase, pairs: rotaryPairs });
  const words = tf.add<tf.Tensor3D>(wordStates(params.tokens, rows), tf.slice(params.types, [0, 0], [1, -1]));
  const own = { heads, mask, lengths, rotary, activation: silu, layerNormEpsilon };
  const steps = params.blocks.map(
    (block, i) => (x: tf.Tensor3D) =>
      postNormGated(block, x, { ...own, at: i + 1 < params.blocks.length ? undefined : at }),
  );
  const last = inTurn(steps, layerNorm(params.norm, words, layerNormEpsilon));
  return at || !lengths ? last : unpackTokens(last, lengths, batch.shape[1]);
}

interface PostNormGated {
  readonly attention: Parameters<typeof selfAttention>[0];
  readonly norm1: ParamsOf<LayerNorm>;
  readonly mlp: Parameters<typeof gatedMlp>[0];
  readonly norm2: ParamsOf<LayerNorm>;
}

type PostNormGatedOptions = Omit<SelfAttentionOptions, 'residual' | 'norm'> &
  Pick<GatedMlpOptions<tf.Tensor3D>, 'activation'> & { readonly layerNormEpsilon: number };

/** BERT's block with a gated perceptron: attention and it are each added, and then normalised. */
export function postNormGated(params: PostNormGated, x: tf.Tensor3D, options: PostNormGatedOptions): tf.Tensor3D {
  const { attention, norm1, mlp, norm2 } = params;
  const { at, lengths, activation, layerNormEpsilon } = options;
  const residual = at ? tokensAt(x, at, lengths) : x;
  const attended = layerNorm(norm1, selfAttention(attention, x, { ...options, residual }), layerNormEpsilon);
  return layerNorm(norm2, gatedMlp(mlp, attended, { activation, residual: attended }), layerNormEpsilon);
}

/** As nomic-ai publishes it: `NomicBertModel`. */
export const nomicBertNames: NameTable = {
  names: {
    tokens: 'embeddings.word_embeddings.weight',
    types: 'embeddings.token_type_embeddings.weight',
    norm: 'emb_ln',
    'blocks.*.attention.inProj': 'encoder.layers.*.attn.Wqkv',
    'blocks.*.attention.outProj': 'encoder.layers.*.attn.out_proj',
    'blocks.*.norm1': 'encoder.layers.*.norm1',
    'blocks.*.mlp.fc1': ['fc12', 'fc11'].map((name) => `encoder.layers.*.mlp.${name}`),
    'blocks.*.mlp.fc2': 'encoder.layers.*.mlp.fc2',
    'blocks.*.norm2': 'encoder.layers.*.norm2',
  },
};
