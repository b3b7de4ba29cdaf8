import {
  type BlockOptions,
  gatedMlp,
  layerNorm,
  type LayerNorm,
  type ParamsOf,
  selfAttention,
  silu,
  tokensAt,
} from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';

/** Parameters of `gatedBlock`. */
interface GatedBlock {
  readonly norm1: ParamsOf<LayerNorm>;
  readonly attention: Parameters<typeof selfAttention>[0] & { readonly norm?: ParamsOf<LayerNorm> };
  readonly norm2: ParamsOf<LayerNorm>;
  readonly mlp: Parameters<typeof gatedMlp>[0] & { readonly norm?: ParamsOf<LayerNorm> };
}

/** Those of a block, and the epsilon of the norm within the perceptron where it is another. */
type GatedBlockOptions = Omit<BlockOptions, 'activation'> & { readonly hiddenEpsilon?: number };

/** `preNormBlock` with SwiGLU, and with norms of what the heads have found and of the hidden values where it has them. */
export function gatedBlock(params: GatedBlock, x: tf.Tensor3D, options: GatedBlockOptions): tf.Tensor3D {
  const { layerNormEpsilon: epsilon, hiddenEpsilon = epsilon, at } = options;
  const { attention, norm1, norm2, mlp } = params;
  const residual = at ? tokensAt(x, at) : x;
  const seen = { ...options, residual, norm: within(attention.norm, epsilon) };
  const attended = selfAttention(attention, layerNorm(norm1, x, epsilon), seen);
  const normed = layerNorm(norm2, attended, epsilon);
  return gatedMlp(mlp, normed, { activation: silu, norm: within(mlp.norm, hiddenEpsilon), residual: attended });
}

function within(own: ParamsOf<LayerNorm> | undefined, epsilon: number) {
  return own && ((state: tf.Tensor3D) => layerNorm(own, state, epsilon));
}
