import type { Fusion } from '@diptych/core';
import { linear, type Linear, linearSpec, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { pairFusion } from './complete-fusion.ts';
import { pairOf, type PartWidths } from './joint-config.ts';

/**
 * The first part is modulated by the second; the result is as long as the first.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` unless there are two parts.
 */
export function filmSpec(parts: PartWidths<string>): Linear {
  const [channels, condition] = pairOf('film', parts);
  return linearSpec(condition, 2 * channels);
}

/**
 * Feature-wise modulation, Perez et al. 2018, arXiv:1709.07871: `(1 + g) x + b` for each channel with
 * `[g; b] = params(condition)`.
 *
 * @param x `[n, channels]` or a map `[n, height, width, channels]`; gives the same shape.
 * @param condition `[n, width]`.
 */
export function film<T extends tf.Tensor2D | tf.Tensor4D>(params: ParamsOf<Linear>, x: T, condition: tf.Tensor2D): T {
  const channels = x.shape.at(-1)!;
  const perChannel = [x.shape[0], ...Array.from({ length: x.rank - 2 }, () => 1), channels];
  const modulation = linear(params, condition);
  const half = (at: number) => tf.reshape(tf.slice(modulation, [0, at * channels], [-1, channels]), perChannel);
  return tf.add(tf.mul(tf.add(half(0), 1), x), half(1));
}

export function filmFusion<Part extends string>(parts: PartWidths<Part>, params: ParamsOf<Linear>): Fusion<Part> {
  const [dim] = pairOf('film', parts);
  return pairFusion('film', { parts, dim }, params, (x, condition) => film(params, x, condition));
}
