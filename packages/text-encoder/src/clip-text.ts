import { type Encoder, expectMembers, expectObjects, type TextBatch } from '@diptych/core';
import {
  causalMask,
  fine,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  lookup,
  type LookupParam,
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
import { squeeze, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';
import { checkPadded, checkTokens, type TokenLimits } from './check-tokens.ts';
import { endOfText, type EndOfText } from './end-of-text.ts';
import { packTexts, type TokenRows } from './packed-texts.ts';
import { tokenStates } from './token-states.ts';

/** The text transformer of CLIP, Radford et al. 2021, arXiv:2103.00020. */
export interface ClipTextConfig extends TransformerConfig, TokenLimits {
  /** Length of an embedding. */
  readonly dim: number;
  readonly endOfText: EndOfText;
  /** Whether a token sees only those before it; `full` is that of MobileCLIP's smaller models. Default `causal`. */
  readonly attention?: 'causal' | 'full';
}

export type ClipText = {
  /** `[vocabSize, width]`. */
  readonly tokens: LookupParam;
  /** `[contextLength, width]`. */
  readonly positions: Param<readonly [number, number]>;
  readonly blocks: readonly TransformerBlock[];
  readonly finalNorm: LayerNorm;
  readonly projection: Projection;
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function clipTextSpec(config: ClipTextConfig): ClipText {
  const { vocabSize, contextLength, width, dim } = expectMembers(
    config,
    'config',
    'vocabSize',
    'contextLength',
    'width',
    'dim',
  );
  return {
    tokens: lookup(vocabSize, width, normal(0.02)),
    positions: param([contextLength, width], normal(0.01)),
    blocks: transformerSpec(config),
    finalNorm: layerNormSpec(width),
    projection: fine(projectionSpec(width, dim, normal(width ** -0.5))),
  };
}

/**
 * Takes what stands at the end-of-text token of each text. With causal attention nothing after that token counts, and
 * nothing is computed for it; with full attention every text must be padded to `contextLength`, and how it is padded
 * counts. `mask` is not read.
 *
 * `forward` throws `INPUT_INVALID` for an id outside the vocabulary or a text without end, and `SHAPE_MISMATCH` for
 * texts that do not fit the context.
 */
export function clipText(config: ClipTextConfig, params: ParamsOf<ClipText>): Encoder<TextBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      checkTokens(batch, config);
      const ends = endOfText(batch, config.endOfText);
      const last = squeeze<Tensor2D>(states(config, params, batch, ends), [1]);
      return linear(params.projection, layerNorm(params.finalNorm, last, config.layerNormEpsilon));
    },
  };
}

/** One vector for each token, `[n, length, width]`, after the final norm and before the projection. */
export function clipTextTokens(config: ClipTextConfig, params: ParamsOf<ClipText>, batch: TextBatch): Tensor3D {
  expectObjects({ config, params, batch });
  checkTokens(batch, config);
  return layerNorm(params.finalNorm, states(config, params, batch), config.layerNormEpsilon);
}

function states(
  config: ClipTextConfig,
  params: ParamsOf<ClipText>,
  batch: TextBatch,
  at?: readonly number[],
): Tensor3D {
  const full = config.attention === 'full';
  if (full) checkPadded(batch, config);
  const rows: TokenRows =
    at && !full
      ? packTexts(
          batch,
          at.map((end) => end + 1),
        )
      : batch;
  const longest = rows.lengths ? Math.max(...rows.lengths) : batch.shape[1];
  const mask = full ? undefined : causalMask(longest);
  return transformer(config, params.blocks, tokenStates(params, rows), { mask, at, lengths: rows.lengths });
}
