import { expectMembers } from '@diptych/core';
import type { ParamsOf } from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import {
  type CrossAttentionLayer,
  crossAttentionLayer,
  crossAttentionLayerSpec,
  type CrossAttentionOptions,
} from './cross-attention-layer.ts';

/** One layer for each direction. */
export type CoAttention = { readonly first: CrossAttentionLayer; readonly second: CrossAttentionLayer };

export function coAttentionSpec(width: number): CoAttention {
  return { first: crossAttentionLayerSpec(width), second: crossAttentionLayerSpec(width) };
}

export interface CoAttentionOptions extends Omit<CrossAttentionOptions, 'mask'> {
  /** `paddingMask` of each modality, for the other that looks at it. */
  readonly masks?: readonly [first: tf.Tensor4D | undefined, second: tf.Tensor4D | undefined];
}

/**
 * Tokens of two modalities that look at each other, both as they came in; Lu et al. 2019, arXiv:1908.02265.
 *
 * @param x `[n, tokens, width]`.
 * @param y `[n, other tokens, width]`.
 * @returns Both in their shapes.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they do not fit each other or the width.
 */
export function coAttention(
  params: ParamsOf<CoAttention>,
  x: tf.Tensor3D,
  y: tf.Tensor3D,
  options: CoAttentionOptions,
): [x: tf.Tensor3D, y: tf.Tensor3D] {
  const { masks: [maskX, maskY] = [undefined, undefined], ...rest } = expectMembers(
    options,
    'coAttention: options',
    'heads',
  );
  const { first, second } = expectMembers(params, 'coAttention: parameters', 'first', 'second');
  return [
    crossAttentionLayer(first, x, y, { ...rest, mask: maskY }),
    crossAttentionLayer(second, y, x, { ...rest, mask: maskX }),
  ];
}
