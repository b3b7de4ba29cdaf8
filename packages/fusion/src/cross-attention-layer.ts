import { EmbeddingError, expectMembers } from '@diptych/core';
import {
  type Attention,
  type AttentionOptions,
  attentionSpec,
  crossAttention,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  type ParamsOf,
} from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';

export type CrossAttentionLayer = { readonly attention: Attention; readonly norm: LayerNorm };

/** @param width Of the tokens of both modalities. */
export function crossAttentionLayerSpec(width: number): CrossAttentionLayer {
  return { attention: attentionSpec(width), norm: layerNormSpec(width) };
}

export interface CrossAttentionOptions extends Pick<AttentionOptions, 'heads' | 'mask'> {
  /** Of the norm; default 1e-5, PyTorch's. */
  readonly epsilon?: number;
}

/**
 * Tokens of one modality that look at those of another: `norm(x + attention(x, context))`, Vaswani et al. 2017,
 * arXiv:1706.03762. Pool the result for one vector.
 *
 * @param x `[n, tokens, width]`; gives the same shape.
 * @param context `[n, keys, width]`; `mask` in the options is `paddingMask` of `@diptych/nn` for these.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they do not fit each other or the width.
 */
export function crossAttentionLayer(
  params: ParamsOf<CrossAttentionLayer>,
  x: tf.Tensor3D,
  context: tf.Tensor3D,
  options: CrossAttentionOptions,
): tf.Tensor3D {
  const { heads, mask, epsilon = 1e-5 } = expectMembers(options, 'crossAttentionLayer: options', 'heads');
  const { attention, norm } = expectMembers(params, 'crossAttentionLayer: parameters', 'attention', 'norm');
  checkTokens('tokens', x, [x.shape[0], norm.weight.shape[0]]);
  checkTokens('context', context, [x.shape[0], norm.weight.shape[0]]);
  return layerNorm(norm, crossAttention(attention, x, context, { heads, mask, residual: x }), epsilon);
}

function checkTokens(what: string, x: tf.Tensor, [n, width]: readonly [number, number]): void {
  if (x.rank === 3 && x.shape[0] === n && x.shape[2] === width) return;
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where: `cross-attention: ${what}`,
    expected: `[${n}, tokens, ${width}]`,
    got: x.shape,
  });
}
