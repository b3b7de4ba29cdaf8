import { EmbeddingError, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { fuse, type Fusable, runFusedAll } from './fused.ts';
import { ones, zeros } from '../spec/initializer.ts';
import type { NameTable } from '../spec/name-table.ts';
import { param, type Param, type ParamsOf, statistic } from '../spec/spec.ts';

export type BatchNorm = {
  readonly weight: Param<readonly [number]>;
  readonly bias: Param<readonly [number]>;
  readonly runningMean: Param<readonly [number]>;
  readonly runningVariance: Param<readonly [number]>;
};

/** One way of normalising `x` `[n, height, width, channels]`: `batchNorm`, or `trainingBatchNorm` while training. */
export type BatchNormalize = (params: ParamsOf<BatchNorm>, x: tf.Tensor4D, epsilon: number) => tf.Tensor4D;

export function batchNormSpec(channels: number): BatchNorm {
  return {
    weight: param([channels], ones),
    bias: param([channels], zeros),
    runningMean: statistic([channels], zeros),
    runningVariance: statistic([channels], ones),
  };
}

/** Channels scaled and shifted by the statistics of training; Ioffe & Szegedy 2015, arXiv:1502.03167. */
export const batchNorm: BatchNormalize = (params, x, epsilon) => {
  const { scale, bias } = normFactors(params, epsilon);
  return tf.add(tf.mul(x, scale), bias);
};

/** `batchNorm` as what multiplies each channel and what is added then. */
export function normFactors(
  params: ParamsOf<BatchNorm>,
  epsilon: number,
): { readonly scale: tf.Tensor1D; readonly bias: tf.Tensor1D } {
  const { weight, bias, runningMean, runningVariance } = expectMembers(
    params,
    'parameters',
    'weight',
    'bias',
    'runningMean',
    'runningVariance',
  );
  const scale = tf.mul<tf.Tensor1D>(weight, tf.rsqrt(tf.add(runningVariance, epsilon)));
  return { scale, bias: tf.sub(bias, tf.mul(runningMean, scale)) };
}

/**
 * Channels normalised by the batch itself. Each call moves the running statistics towards the batch's by `momentum`;
 * the variance they keep is the unbiased one, as in PyTorch.
 *
 * It throws `INPUT_INVALID` where a channel has one value or none, as PyTorch does: there is no variance then, and the
 * running one would be NaN for good.
 */
export function trainingBatchNorm(momentum = 0.1): BatchNormalize {
  return ({ weight, bias, runningMean, runningVariance }, x, epsilon) => {
    const count = x.size / x.shape[3];
    if (!(count > 1)) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'batch norm',
        expected: 'more than one value for each channel while training',
        got: x.shape,
      });
    }
    let moved = false;
    const see = (mean: tf.Tensor, variance: tf.Tensor) => {
      // A gradient of a gradient computes it all again.
      if (moved) return;
      moved = true;
      move(runningMean, mean, momentum);
      move(runningVariance, tf.mul(variance, count / (count - 1)), momentum);
    };
    return fuse([x, weight, bias], normalization(epsilon, see));
  };
}

function move(running: tf.Tensor, batch: tf.Tensor, momentum: number): void {
  (running as tf.Variable).assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum)));
}

/** `see` is given the means and the population variances of the channels. */
function normalization(
  epsilon: number,
  see: (mean: tf.Tensor, variance: tf.Tensor) => void,
): Fusable<readonly [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D], tf.Tensor4D> {
  return {
    plain: (x, weight, bias) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      see(mean, variance);
      const scale = tf.mul(weight, tf.rsqrt(tf.add(variance, epsilon)));
      return tf.add(tf.mul(tf.sub(x, mean), scale), bias);
    },
    fused: (x, weight, bias) => {
      const [y, mean, variance] = runFusedAll('DiptychBatchNorm', { x, weight, bias }, { epsilon }) ?? [];
      if (y) see(mean!, variance!);
      return y;
    },
    gradients: (dy, x, weight) => runFusedAll('DiptychBatchNormGrad', { x, weight, dy }, { epsilon }),
  };
}

/** Table entries for one batch norm, or for all that a path with `*` stands for. */
export function batchNormNames(path: string, name: string): NameTable['names'] {
  return {
    [path]: name,
    [`${path}.runningMean`]: `${name}.running_mean`,
    [`${path}.runningVariance`]: `${name}.running_var`,
  };
}
