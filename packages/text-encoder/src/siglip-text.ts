import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import {
  fine,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  type Linear,
  linearSpec,
  lookup,
  type LookupParam,
  normal,
  param,
  type Param,
  type ParamsOf,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkPadded, checkTokens, type TokenLimits } from './check-tokens.ts';
import { tokenStates } from './token-states.ts';

/** The text transformer of SigLIP, Zhai et al. 2023, arXiv:2303.15343, and of SigLIP 2 at a fixed resolution. */
export interface SiglipTextConfig extends TransformerConfig, TokenLimits {
  /** Length of an embedding. */
  readonly dim: number;
}

export type SiglipText = {
  readonly tokens: LookupParam;
  readonly positions: Param<readonly [number, number]>;
  readonly blocks: readonly TransformerBlock[];
  readonly finalNorm: LayerNorm;
  readonly head: Linear;
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function siglipTextSpec(config: SiglipTextConfig): SiglipText {
  const { vocabSize, contextLength, width, dim } = expectMembers(
    config,
    'config',
    'vocabSize',
    'contextLength',
    'width',
    'dim',
  );
  return {
    tokens: lookup(vocabSize, width, normal(width ** -0.5)),
    positions: param([contextLength, width], normal(width ** -0.5)),
    blocks: transformerSpec(config),
    finalNorm: layerNormSpec(width),
    head: fine(linearSpec(width, dim, normal(width ** -0.5))),
  };
}

/**
 * Takes the last of exactly `contextLength` tokens. All tokens see one another, padding too, so how a text is padded
 * counts and `mask` is not read.
 *
 * `forward` throws `SHAPE_MISMATCH` for texts of any other length and `INPUT_INVALID` for an id outside the vocabulary.
 */
export function siglipText(config: SiglipTextConfig, params: ParamsOf<SiglipText>): Encoder<TextBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      const [n, length] = batch.shape;
      const last = Array.from({ length: n }, () => length - 1);
      return linear(params.head, tf.squeeze<tf.Tensor2D>(states(config, params, batch, last), [1]));
    },
  };
}

/** One vector for each token, `[n, contextLength, width]`, after the final norm. */
export function siglipTextTokens(
  config: SiglipTextConfig,
  params: ParamsOf<SiglipText>,
  batch: TextBatch,
): tf.Tensor3D {
  expectObjects({ config, params, batch });
  return states(config, params, batch);
}

function states(
  config: SiglipTextConfig,
  params: ParamsOf<SiglipText>,
  batch: TextBatch,
  at?: readonly number[],
): tf.Tensor3D {
  checkTokens(batch, config);
  checkPadded(batch, config);
  const last = transformer(config, params.blocks, tokenStates(params, batch), { at });
  return layerNorm(params.finalNorm, last, config.layerNormEpsilon);
}
