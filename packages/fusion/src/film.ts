import { EmbeddingError, expectMembers, expectObjects, type Fusion } from '@diptych/core';
import { linear, type Linear, linearSpec, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import { namesOf, pairOf, type PartWidths } from './joint-config.ts';

export interface FilmConfig<Part extends string> {
  /** Two. */
  readonly parts: PartWidths<Part>;
  /** The part that the other one modulates; the result is as long. */
  readonly modulated: NoInfer<Part>;
}

/** @throws {EmbeddingError} `CONFIG_INVALID` unless there are two parts, and `modulated` is one of them. */
export function filmSpec<Part extends string>(config: FilmConfig<Part>): Linear {
  expectMembers(config, 'film: config', 'parts', 'modulated');
  const { parts, modulated } = config;
  return linearSpec(parts[conditionOf(config)], 2 * parts[modulated]);
}

/**
 * Feature-wise modulation, Perez et al. 2018, arXiv:1709.07871: `(1 + g) x + b` for each channel with
 * `[g; b] = params(condition)`.
 *
 * @param x `[n, channels]` or a map `[n, height, width, channels]`; gives the same shape.
 * @param condition `[n, width]`.
 */
export function film<T extends tf.Tensor2D | tf.Tensor4D>(params: ParamsOf<Linear>, x: T, condition: tf.Tensor2D): T {
  expectObjects({ params });
  expectMembers(x, 'film: x', 'shape', 'rank');
  const channels = x.shape.at(-1)!;
  const perChannel = [x.shape[0], ...Array.from({ length: x.rank - 2 }, () => 1), channels];
  const modulation = linear(params, condition);
  const half = (at: number) => tf.reshape(tf.slice(modulation, [0, at * channels], [-1, channels]), perChannel);
  return tf.add(tf.mul(tf.add(half(0), 1), x), half(1));
}

export function filmFusion<Part extends string>(config: FilmConfig<Part>, params: ParamsOf<Linear>): Fusion<Part> {
  expectMembers(config, 'film: config', 'parts', 'modulated');
  const { parts, modulated } = config;
  const condition = conditionOf(config);
  return completeFusion({ parts, dim: parts[modulated] }, params, (named) =>
    film(params, named[modulated]!, named[condition]!),
  );
}

function conditionOf<Part extends string>({ parts, modulated }: FilmConfig<Part>): Part {
  pairOf('film', parts);
  const names = namesOf(parts);
  if (names.includes(modulated)) return names.find((name) => name !== modulated)!;
  throw new EmbeddingError('CONFIG_INVALID', {
    where: 'film: modulated',
    expected: `one of ${names.join(', ')}`,
    got: `'${modulated}'`,
  });
}
