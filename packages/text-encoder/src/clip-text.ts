import type { Encoder, TextBatch } from '@diptych/core';
import {
  causalMask,
  gatherRows,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  normal,
  param,
  type Param,
  type ParamsOf,
  type Projection,
  projectionSpec,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens, type TokenLimits } from './check-tokens.ts';
import { endOfText, type EndOfText } from './end-of-text.ts';

/** The text transformer of CLIP, Radford et al. 2021, arXiv:2103.00020. */
export interface ClipTextConfig extends TransformerConfig, TokenLimits {
  /** Length of an embedding. */
  readonly dim: number;
  readonly endOfText: EndOfText;
}

export type ClipText = {
  /** `[vocabSize, width]`. */
  readonly tokens: Param<readonly [number, number]>;
  /** `[contextLength, width]`. */
  readonly positions: Param<readonly [number, number]>;
  readonly blocks: readonly TransformerBlock[];
  readonly finalNorm: LayerNorm;
  readonly projection: Projection;
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function clipTextSpec(config: ClipTextConfig): ClipText {
  const { vocabSize, contextLength, width, dim } = config;
  return {
    tokens: param([vocabSize, width], normal(0.02)),
    positions: param([contextLength, width], normal(0.01)),
    blocks: transformerSpec(config),
    finalNorm: layerNormSpec(width),
    projection: projectionSpec(width, dim, normal(width ** -0.5)),
  };
}

/**
 * Reads each text up to its end-of-text token and takes what stands there. What follows that token has no influence:
 * attention is causal, and `mask` is not read.
 *
 * `forward` throws `INPUT_INVALID` for an id outside the vocabulary or a text without end, and `SHAPE_MISMATCH` for
 * texts longer than the context.
 */
export function clipText(config: ClipTextConfig, params: ParamsOf<ClipText>): Encoder<TextBatch> {
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      checkTokens(batch, config);
      const ends = endOfText(batch, config.endOfText);
      const length = Math.max(...ends) + 1;
      const states = causalStates(config, params, truncate(batch, length));
      const rows = tf.reshape<tf.Rank.R2>(states, [-1, config.width]);
      const last = gatherRows(
        rows,
        Int32Array.from(ends, (end, i) => i * length + end),
      );
      return linear(params.projection, layerNorm(params.finalNorm, last, config.layerNormEpsilon));
    },
  };
}

/** One vector for each token, `[n, length, width]`, after the final norm and before the projection. */
export function clipTextTokens(config: ClipTextConfig, params: ParamsOf<ClipText>, batch: TextBatch): tf.Tensor3D {
  checkTokens(batch, config);
  return layerNorm(params.finalNorm, causalStates(config, params, batch), config.layerNormEpsilon);
}

function causalStates(config: ClipTextConfig, params: ParamsOf<ClipText>, { ids, shape }: TextBatch): tf.Tensor3D {
  const [n, length] = shape;
  const tokens = tf.reshape<tf.Rank.R3>(gatherRows(params.tokens, ids), [n, length, config.width]);
  const x = tf.add<tf.Tensor3D>(tokens, tf.slice(params.positions, [0, 0], [length, -1]));
  return transformer(config, params.blocks, x, { mask: causalMask(length) });
}

/** The first `kept` tokens of every text. */
function truncate({ ids, mask, shape: [n, length] }: TextBatch, kept: number): TextBatch {
  const firsts = (values: Int32Array) => values.filter((_, i) => i % length < kept);
  return { ids: firsts(ids), mask: firsts(mask), shape: [n, kept] };
}
