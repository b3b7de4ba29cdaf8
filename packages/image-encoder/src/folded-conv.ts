import {
  type Activation,
  type BatchNorm,
  type BiasedConv2d,
  conv2d,
  depthwiseConv2d,
  depthwiseConv2dSpec,
  batchNormSpec,
  normFactors,
  type ParamsOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { byChannel, type ConvUnit, convUnitSpec } from './conv-unit.ts';

/**
 * Several branches as the one convolution that gives their sum, statistics fixed; Ding et al. 2021, arXiv:2101.03697.
 * Folding is part of the forward pass, so that the branches themselves can be trained further.
 */
export type FoldedConv = ParamsOf<BiasedConv2d>;

/** Whether every filter sees all channels or its own. */
export type ConvKind = 'dense' | 'depthwise';

const epsilon = 1e-5;

/** Filters of `depthwise` are `[size, size, outputs, 1]`. */
export function branchSpec(kind: ConvKind, size: number, inputs: number, outputs: number): ConvUnit {
  if (kind === 'dense') return convUnitSpec(size, inputs, outputs);
  return { conv: depthwiseConv2dSpec(size, outputs), norm: batchNormSpec(outputs) };
}

/** A convolution and its batch norm as one convolution. */
export function foldUnit({ conv, norm }: ParamsOf<ConvUnit>, kind: ConvKind): FoldedConv {
  return foldNorm(conv.weight, norm, kind);
}

/** A batch norm alone, as a filter of one pixel. */
export function foldIdentity(norm: ParamsOf<BatchNorm>, kind: ConvKind): FoldedConv {
  return foldNorm(identityFilter(norm.weight.shape[0], kind), norm, kind);
}

/** Filter that gives back what it is given. */
export function identityFilter(channels: number, kind: ConvKind): tf.Tensor4D {
  return kind === 'dense' ? tf.reshape(tf.eye(channels), [1, 1, channels, channels]) : tf.ones([1, 1, channels, 1]);
}

/** The sum of convolutions; smaller filters stand in the middle of the largest. */
export function sumOf(parts: readonly FoldedConv[]): FoldedConv {
  const size = Math.max(...parts.map(({ weight }) => weight.shape[0]));
  return {
    weight: tf.addN(parts.map(({ weight }) => centred(weight, size))),
    bias: tf.addN(parts.map(({ bias }) => bias)),
  };
}

export function centred(filter: tf.Tensor4D, size: number): tf.Tensor4D {
  const border = (size - filter.shape[0]) / 2;
  if (border === 0) return filter;
  const side: [number, number] = [border, border];
  return tf.pad(filter, [side, side, [0, 0], [0, 0]]);
}

/** The filter is centred. A depthwise convolution may give several channels for each of its inputs, side by side. */
export function applyConv(
  conv: FoldedConv,
  x: tf.Tensor4D,
  kind: ConvKind,
  options: { readonly stride?: number; readonly activation?: Activation } = {},
): tf.Tensor4D {
  const apply = kind === 'dense' ? conv2d : depthwiseConv2d;
  return apply(conv, x, { ...options, padding: (conv.weight.shape[0] - 1) / 2 });
}

function foldNorm(filter: tf.Tensor4D, norm: ParamsOf<BatchNorm>, kind: ConvKind): FoldedConv {
  const { scale, bias } = normFactors(norm, epsilon);
  return { weight: kind === 'dense' ? tf.mul(filter, scale) : byChannel(filter, scale), bias };
}
