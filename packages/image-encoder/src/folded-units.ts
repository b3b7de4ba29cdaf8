import { batchNorm, normFactors, type ParamsOf } from '@diptych/nn';
import type { Encoder, ImageBatch } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { byChannel, type ConvNetOptions, type ConvUnit, type DepthwiseUnit, type FoldedNorm } from './conv-unit.ts';
import { fewAtOnce } from './few-at-once.ts';
import { type Folding, foldingEncoder } from './folding-encoder.ts';

/** A network of units, and what it does with a few images by their parameters. */
interface ConvNet<Params extends object> extends Pick<Folding<Params>, 'dim' | 'check'> {
  readonly params: Params;
  /** Added to the variance of its norms. */
  readonly epsilon: number;
  readonly forward: (params: Params, few: ImageBatch) => tf.Tensor2D;
}

/** The network as an encoder. Norms by the statistics of training are folded once for a batch, and kept by `keeping`. */
export function convNet<Params extends object>(
  { dim, check, params, epsilon, forward }: ConvNet<Params>,
  options: ConvNetOptions,
): Encoder<ImageBatch> {
  const { normalize = batchNorm } = options;
  const folds = normalize === batchNorm;
  return foldingEncoder({
    dim,
    check,
    params,
    fold: () => (folds ? (fold(params, epsilon) as Params) : params),
    rows: (given, batch) => fewAtOnce(batch, (few) => forward(given, few), options),
  });
}

type Unit = ParamsOf<ConvUnit> | ParamsOf<DepthwiseUnit>;

/** The same parameters, each of whose units has beside it what its norm comes to, `folded`. */
function fold(params: unknown, epsilon: number): unknown {
  if (params instanceof tf.Tensor || typeof params !== 'object' || params === null) return params;
  if (Array.isArray(params)) return params.map((part) => fold(part, epsilon));
  if (isUnit(params)) return { ...params, folded: foldNorm(params, epsilon) };
  return Object.fromEntries(Object.entries(params).map(([name, part]) => [name, fold(part, epsilon)]));
}

function isUnit(params: object): params is Unit {
  return 'conv' in params && 'norm' in params;
}

function foldNorm({ conv: { weight }, norm }: Unit, epsilon: number): FoldedNorm {
  const factors = normFactors(norm, epsilon);
  // Filters of single channels are small, and sum with their norm in them.
  const single = weight.shape[3] !== factors.scale.size;
  return single ? { ...factors, weight: byChannel(weight, factors.scale) } : factors;
}
