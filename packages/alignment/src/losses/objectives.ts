import type { Objective } from '@diptych/core';
import { constant, normal, param, type Param, type ParamsOf, variablesOf } from '@diptych/nn';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import type { Pair } from './distillation.ts';
import { infoNce } from './info-nce.ts';
import type { Labels, PairLoss } from './pairs.ts';
import { siglip } from './siglip.ts';

export type LogScale = { readonly logScale: Param<readonly []> };
export type LogScaleAndBias = LogScale & { readonly bias: Param<readonly []> };
export type Proxies = { readonly proxies: Param<readonly [classes: number, dim: number]> };

/** The temperature of CLIP, which starts at 0.07. */
export function infoNceSpec(logScale: number = Math.log(1 / 0.07)): LogScale {
  return { logScale: param([], constant(logScale)) };
}

/** The temperature and bias of SigLIP, which start at 1/10 and -10. */
export function siglipSpec(logScale: number = Math.log(10), bias = -10): LogScaleAndBias {
  return { logScale: param([], constant(logScale)), bias: param([], constant(bias)) };
}

/** One vector for each class, for `proxyAnchor`, `proxyNca` and `arcFace`. */
export function proxiesSpec(classes: number, dim: number): Proxies {
  return { proxies: param([classes, dim], normal(1)) };
}

/** A loss without parameters of its own, of unit rows. */
export function pairObjective(loss: PairLoss): Objective<Pair> {
  return { variables: [], loss: ({ a, b }) => loss(a, b) };
}

/** `infoNce` with a temperature that is learned; keep it in range with `clampVariable` after each step. */
export function infoNceObjective(params: ParamsOf<LogScale>): Objective<Pair> {
  return { variables: variablesOf(params), loss: ({ a, b }) => infoNce(a, b, params.logScale) };
}

/** `siglip` with a temperature and bias that are learned. */
export function siglipObjective(params: ParamsOf<LogScaleAndBias>): Objective<Pair> {
  return { variables: variablesOf(params), loss: ({ a, b }) => siglip(a, b, params.logScale, params.bias) };
}

/** Unit rows and the class of each, from 0. */
export interface Labelled {
  readonly x: Tensor2D;
  readonly labels: Labels;
}

/** `proxyAnchor`, `proxyNca` or `arcFace` with vectors that are learned. */
export function proxyObjective(
  loss: (x: Tensor2D, labels: Labels, proxies: Tensor2D) => Scalar,
  params: ParamsOf<Proxies>,
): Objective<Labelled> {
  return { variables: variablesOf(params), loss: ({ x, labels }) => loss(x, labels, params.proxies) };
}
