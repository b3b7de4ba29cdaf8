import { expectMembers, expectObjects } from '@diptych/core';
import {
  type Attention,
  attentionSpec,
  crossAttention,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  mlp,
  type Mlp,
  mlpSpec,
  normal,
  param,
  type Param,
  type ParamsOf,
  activation,
  type TransformerConfig,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Multi-head attention pooling: a learned query that attends to all tokens; Zhai et al. 2022, arXiv:2106.04560. */
export type MapHead = {
  /** `[width]`. */
  readonly probe: Param<readonly [number]>;
  readonly attention: Attention;
  readonly norm: LayerNorm;
  readonly mlp: Mlp;
};

export function mapHeadSpec(config: Pick<TransformerConfig, 'width' | 'mlpWidth'>): MapHead {
  const { width, mlpWidth } = expectMembers(config, 'config', 'width', 'mlpWidth');
  return {
    probe: param([width], normal(width ** -0.5)),
    attention: attentionSpec(width),
    norm: layerNormSpec(width),
    mlp: mlpSpec(width, mlpWidth),
  };
}

/** What the probe finds in `tokens` `[n, length, width]`, `[n, width]`. The probe itself is not added to it. */
export function mapHead(
  config: Pick<TransformerConfig, 'heads' | 'activation' | 'layerNormEpsilon'>,
  params: ParamsOf<MapHead>,
  tokens: tf.Tensor3D,
): tf.Tensor2D {
  expectMembers(tokens, 'mapHead: tokens', 'shape');
  expectObjects({ config, params });
  expectMembers(config, 'config', 'heads', 'activation');
  const [n, , width] = tokens.shape;
  const probes = tf.tile(tf.reshape<tf.Rank.R3>(params.probe, [1, 1, width]), [n, 1, 1]);
  const found = tf.reshape<tf.Rank.R2>(crossAttention(params.attention, probes, tokens, config), [n, width]);
  const normed = layerNorm(params.norm, found, config.layerNormEpsilon);
  return tf.add(found, mlp(params.mlp, normed, activation(config.activation)));
}
