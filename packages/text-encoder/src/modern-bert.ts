import { type Encoder, expectList, expectMembers, expectObjects, hiddenScore, type TextBatch } from '@diptych/core';
import {
  activation,
  type GatedMlp,
  gatedMlp,
  gatedMlpSpec,
  inTurn,
  layerNorm,
  lookup,
  type LookupParam,
  type NameTable,
  normal,
  ones,
  param,
  type Param,
  type ParamsOf,
  type Projection,
  projectionSpec,
  rotaryPositions,
  selfAttention,
  tokensAt,
  type TransformerConfig,
  unpackTokens,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens, type TokenLimits } from './check-tokens.ts';
import { bothMasks, rowsOf } from './packed-texts.ts';
import { pooledStates, type TokenPooling } from './token-pooling.ts';
import { wordStates } from './token-states.ts';

/** Whether a token sees all others, or those near it alone. */
export type ModernBertLayer = 'global' | 'local';

/** ModernBERT, Warner et al. 2024, arXiv:2412.13663, pooled as sentence-transformers does. No layer has a bias. */
export interface ModernBertConfig extends Omit<TransformerConfig, 'layers'>, TokenLimits {
  readonly layers: readonly ModernBertLayer[];
  /** Tokens to each side that a token sees in local layers. */
  readonly reach: number;
  /** Bases of the rotary positions of either kind of layer. */
  readonly bases: Readonly<Record<ModernBertLayer, number>>;
  /** Of several, the vectors stand one after the other in an embedding. */
  readonly pooling: TokenPooling | readonly TokenPooling[];
}

type Norm = { readonly weight: Param<readonly [number]> };

export type ModernBertBlock = {
  /** None in the first layer, whose input is normalised already. */
  readonly norm1?: Norm;
  readonly attention: { readonly inProj: Projection; readonly outProj: Projection };
  readonly norm2: Norm;
  readonly mlp: GatedMlp;
};

export type ModernBert = {
  readonly tokens: LookupParam;
  readonly norm: Norm;
  readonly blocks: readonly ModernBertBlock[];
  readonly finalNorm: Norm;
};

export function modernBertSpec(config: Omit<ModernBertConfig, 'pooling'>): ModernBert {
  const { vocabSize, width, mlpWidth, layers } = expectMembers(config, 'config', 'vocabSize', 'width', 'layers');
  expectList(layers, 'config: layers');
  const norm: Norm = { weight: param([width], ones) };
  const init = normal(0.02);
  return {
    tokens: lookup(vocabSize, width, init),
    norm,
    blocks: layers.map((_, i) => ({
      ...(i > 0 && { norm1: norm }),
      attention: { inProj: projectionSpec(width, 3 * width, init), outProj: projectionSpec(width, width, init) },
      norm2: norm,
      mlp: gatedMlpSpec(width, mlpWidth, projectionSpec),
    })),
    finalNorm: norm,
  };
}

/** Embeddings as long as the model is wide, by each pooling. `forward` throws as that of `bert` does. */
export function modernBert(config: ModernBertConfig, params: ParamsOf<ModernBert>): Encoder<TextBatch> {
  expectObjects({ config, params });
  const { width, pooling } = expectMembers(config, 'config', 'width', 'pooling', 'layers', 'bases');
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
  config: Omit<ModernBertConfig, 'pooling'>,
  params: ParamsOf<ModernBert>,
  batch: TextBatch,
  at?: readonly number[],
): tf.Tensor3D {
  const { width, heads, layers, bases, reach, layerNormEpsilon } = config;
  const { rows, longest, hidden } = rowsOf(batch);
  const { lengths, places = Int32Array.from({ length: longest }, (_, i) => i) } = rows;
  const rotary = (layer: ModernBertLayer) =>
    rotaryPositions(places, { size: width / heads, base: bases[layer], pairs: 'halves' });
  const kinds = {
    global: { rotary: rotary('global'), mask: hidden },
    local: {
      rotary: rotary('local'),
      mask: longest > reach + 1 ? bothMasks(windowMask(longest, reach), hidden) : hidden,
    },
  };
  const bias = tf.zeros<tf.Rank.R1>([width]);
  const norm = ({ weight }: ParamsOf<Norm>, x: tf.Tensor3D) => layerNorm({ weight, bias }, x, layerNormEpsilon);
  const act = activation(config.activation);
  const steps = params.blocks.map(({ norm1, attention, norm2, mlp }, i) => (x: tf.Tensor3D) => {
    const read = i + 1 < layers.length ? undefined : at;
    const residual = read ? tokensAt(x, read, lengths) : x;
    const own = { ...kinds[layers[i]!], heads, lengths, at: read, residual };
    const attended = selfAttention(attention, norm1 ? norm(norm1, x) : x, own);
    return gatedMlp(mlp, norm(norm2, attended), { activation: act, residual: attended });
  });
  const last = norm(params.finalNorm, inTurn(steps, norm(params.norm, wordStates(params.tokens, rows))));
  return at || !lengths ? last : unpackTokens(last, lengths, batch.shape[1]);
}

/** `[1, 1, length, length]`: each position sees those as near as `reach`. */
function windowMask(length: number, reach: number): tf.Tensor4D {
  const values = new Float32Array(length * length).fill(hiddenScore);
  for (let query = 0; query < length; query++) {
    const from = query * length;
    values.fill(0, from + Math.max(0, query - reach), from + Math.min(length, query + reach + 1));
  }
  return tf.tensor4d(values, [1, 1, length, length]);
}

/** transformers: `ModernBertModel`. */
export const hfModernBertNames: NameTable = {
  names: {
    tokens: 'embeddings.tok_embeddings.weight',
    norm: 'embeddings.norm',
    'blocks.*.norm1': 'layers.*.attn_norm',
    'blocks.*.attention.inProj': 'layers.*.attn.Wqkv',
    'blocks.*.attention.outProj': 'layers.*.attn.Wo',
    'blocks.*.norm2': 'layers.*.mlp_norm',
    'blocks.*.mlp.fc1': 'layers.*.mlp.Wi',
    'blocks.*.mlp.fc2': 'layers.*.mlp.Wo',
    finalNorm: 'final_norm',
  },
};
