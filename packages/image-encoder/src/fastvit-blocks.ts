import {
  batchNorm,
  type BatchNorm,
  batchNormSpec,
  type BiasedConv2d,
  biasedConv2dSpec,
  constant,
  conv2d,
  gelu,
  linearSpec,
  type Linear,
  normal,
  param,
  type Param,
  type ParamsOf,
  type Projection,
  projectionSpec,
  selfAttention,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { ConvUnit } from './conv-unit.ts';
import { applyConv, branchSpec, centred, foldIdentity, foldUnit, identityFilter } from './folded-conv.ts';
import { foldMobileOne, type MobileOne, mobileOneSpec } from './mobileone.ts';

type Scale = Param<readonly [number]>;

/** A depthwise look around each pixel, then a perceptron on every pixel. */
export type ConvMlp = { readonly conv: ConvUnit; readonly fc1: BiasedConv2d; readonly fc2: BiasedConv2d };

/** A block that mixes pixels by a depthwise convolution, whose branches are `mixer` minus `mixerNorm`. */
export type RepMixerBlock = {
  readonly mixer: MobileOne;
  readonly mixerNorm: BatchNorm;
  readonly mixerScale: Scale;
  readonly mlp: ConvMlp;
  readonly mlpScale: Scale;
};

/** A block that mixes pixels by attention. */
export type AttentionBlock = {
  readonly norm: BatchNorm;
  readonly attention: { readonly inProj: Projection; readonly outProj: Linear };
  readonly attentionScale: Scale;
  readonly mlp: ConvMlp;
  readonly mlpScale: Scale;
};

/** Channels of one head. */
const headSize = 32;

export function repMixerBlockSpec(width: number, mlpWidth: number): RepMixerBlock {
  return {
    mixer: mobileOneSpec('depthwise', 3, [width, width]),
    mixerNorm: batchNormSpec(width),
    mixerScale: scaleSpec(width),
    mlp: convMlpSpec(width, mlpWidth),
    mlpScale: scaleSpec(width),
  };
}

export function repMixerBlock(params: ParamsOf<RepMixerBlock>, x: tf.Tensor4D): tf.Tensor4D {
  const mixer = foldMobileOne(params.mixer, 'depthwise');
  const norm = foldIdentity(params.mixerNorm, 'depthwise');
  const size = mixer.weight.shape[0];
  // x + scale (mixer(x) - norm(x)) as one convolution
  const difference = tf.sub<tf.Tensor4D>(mixer.weight, centred(norm.weight, size));
  const scaled = tf.mul<tf.Tensor4D>(difference, tf.expandDims(params.mixerScale, 1));
  const weight = tf.add<tf.Tensor4D>(scaled, centred(identityFilter(x.shape[3], 'depthwise'), size));
  const bias = tf.mul<tf.Tensor1D>(params.mixerScale, tf.sub(mixer.bias, norm.bias));
  return addMlp(params, applyConv({ weight, bias }, x, 'depthwise'));
}

export function attentionBlockSpec(width: number, mlpWidth: number): AttentionBlock {
  return {
    norm: batchNormSpec(width),
    attention: {
      inProj: projectionSpec(width, 3 * width, normal(0.02)),
      outProj: linearSpec(width, width, normal(0.02)),
    },
    attentionScale: scaleSpec(width),
    mlp: convMlpSpec(width, mlpWidth),
    mlpScale: scaleSpec(width),
  };
}

export function attentionBlock(params: ParamsOf<AttentionBlock>, x: tf.Tensor4D): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  const pixels = tf.reshape<tf.Rank.R3>(batchNorm(params.norm, x, 1e-5), [n, height * width, channels]);
  const mixed = selfAttention(params.attention, pixels, { heads: channels / headSize });
  return addMlp(params, tf.add(x, tf.mul(tf.reshape(mixed, x.shape), params.attentionScale)));
}

function addMlp({ mlp, mlpScale }: ParamsOf<Pick<RepMixerBlock, 'mlp' | 'mlpScale'>>, x: tf.Tensor4D): tf.Tensor4D {
  const seen = applyConv(foldUnit(mlp.conv, 'depthwise'), x, 'depthwise');
  return tf.add(x, tf.mul(conv2d(mlp.fc2, gelu(conv2d(mlp.fc1, seen))), mlpScale));
}

function convMlpSpec(width: number, hidden: number): ConvMlp {
  return {
    conv: branchSpec('depthwise', 7, width, width),
    fc1: biasedConv2dSpec(1, width, hidden),
    fc2: biasedConv2dSpec(1, hidden, width),
  };
}

function scaleSpec(width: number): Scale {
  return param([width], constant(1e-5));
}
