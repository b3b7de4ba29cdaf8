import {
  batchNorm,
  type BatchNorm,
  batchNormSpec,
  type BiasedConv2d,
  biasedConv2dSpec,
  constant,
  conv2d,
  gelu,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
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
import {
  applyConv,
  branchSpec,
  centred,
  type FoldedConv,
  foldIdentity,
  foldUnit,
  identityFilter,
} from './folded-conv.ts';
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
  /** Of each channel over the images of training, or of each pixel over its channels. */
  readonly norm: BatchNorm | LayerNorm;
  readonly attention: { readonly inProj: Projection; readonly outProj: Linear };
  readonly attentionScale: Scale;
  readonly mlp: ConvMlp;
  readonly mlpScale: Scale;
};

/** Channels of one head. */
const headSize = 32;

/** Of both kinds of norms. */
const epsilon = 1e-5;

export function repMixerBlockSpec(width: number, mlpWidth: number): RepMixerBlock {
  return {
    mixer: mobileOneSpec('depthwise', 3, [width, width]),
    mixerNorm: batchNormSpec(width),
    mixerScale: scaleSpec(width),
    mlp: convMlpSpec(width, mlpWidth),
    mlpScale: scaleSpec(width),
  };
}

/** The block as two convolutions and a perceptron. */
export type FoldedMixer = { readonly mixer: FoldedConv; readonly mlp: FoldedMlp };

export function foldMixer(params: ParamsOf<RepMixerBlock>): FoldedMixer {
  const mixer = foldMobileOne(params.mixer, 'depthwise');
  const norm = foldIdentity(params.mixerNorm, 'depthwise');
  const [size, , channels] = mixer.weight.shape;
  // x + scale (mixer(x) - norm(x)) as one convolution
  const difference = tf.sub<tf.Tensor4D>(mixer.weight, centred(norm.weight, size));
  const scaled = tf.mul<tf.Tensor4D>(difference, tf.expandDims(params.mixerScale, 1));
  const weight = tf.add<tf.Tensor4D>(scaled, centred(identityFilter(channels, 'depthwise'), size));
  const bias = tf.mul<tf.Tensor1D>(params.mixerScale, tf.sub(mixer.bias, norm.bias));
  return { mixer: { weight, bias }, mlp: foldMlp(params) };
}

export function repMixerBlock({ mixer, mlp }: FoldedMixer, x: tf.Tensor4D): tf.Tensor4D {
  return addMlp(mlp, applyConv(mixer, x, 'depthwise'));
}

/** @param byPixel Whether each pixel is normalised for itself. */
export function attentionBlockSpec(width: number, mlpWidth: number, byPixel: boolean): AttentionBlock {
  return {
    norm: byPixel ? layerNormSpec(width) : batchNormSpec(width),
    attention: {
      inProj: projectionSpec(width, 3 * width, normal(0.02)),
      outProj: linearSpec(width, width, normal(0.02)),
    },
    attentionScale: scaleSpec(width),
    mlp: convMlpSpec(width, mlpWidth),
    mlpScale: scaleSpec(width),
  };
}

/** The block with its perceptron's convolution folded. */
export type FoldedAttention = {
  readonly norm: ParamsOf<AttentionBlock>['norm'];
  readonly attention: ParamsOf<AttentionBlock>['attention'];
  readonly attentionScale: tf.Tensor1D;
  readonly mlp: FoldedMlp;
};

export function foldAttention({ norm, attention, attentionScale, ...rest }: ParamsOf<AttentionBlock>): FoldedAttention {
  return { norm, attention, attentionScale, mlp: foldMlp(rest) };
}

export function attentionBlock({ norm, attention, attentionScale, mlp }: FoldedAttention, x: tf.Tensor4D): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  const normed = 'runningMean' in norm ? batchNorm(norm, x, epsilon) : layerNorm(norm, x, epsilon);
  const pixels = tf.reshape<tf.Rank.R3>(normed, [n, height * width, channels]);
  const mixed = selfAttention(attention, pixels, { heads: channels / headSize });
  return addMlp(mlp, tf.add(x, tf.mul(tf.reshape(mixed, x.shape), attentionScale)));
}

type FoldedMlp = {
  readonly seen: FoldedConv;
  readonly fc1: ParamsOf<BiasedConv2d>;
  /** Its bias is scaled already. */
  readonly fc2: ParamsOf<BiasedConv2d>;
  readonly scale: tf.Tensor1D;
};

function foldMlp({ mlp: { conv, fc1, fc2 }, mlpScale }: ParamsOf<Pick<RepMixerBlock, 'mlp' | 'mlpScale'>>): FoldedMlp {
  const scaled = { weight: fc2.weight, bias: tf.mul<tf.Tensor1D>(fc2.bias, mlpScale) };
  return { seen: foldUnit(conv, 'depthwise'), fc1, fc2: scaled, scale: mlpScale };
}

function addMlp({ seen, fc1, fc2, scale }: FoldedMlp, x: tf.Tensor4D): tf.Tensor4D {
  const hidden = conv2d(fc1, applyConv(seen, x, 'depthwise'), { activation: gelu });
  return conv2d(fc2, hidden, { scale, residual: x });
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
