import * as tf from '@tensorflow/tfjs-core';
import { expectLength } from './position-bias.ts';

/**
 * What attention adds to its scores by a slope of each head times the distance of key and query, both ways, and nothing learned,
 * `[1, heads, length, length]`: ALiBi, Press et al. 2021,
 * arXiv:2108.12409. The slopes are powers of `2^(-8 / heads)`; of other numbers of heads than powers of two, those of the power
 * below, and then every second of twice as many.
 */
export function linearBias(heads: number, length: number): tf.Tensor4D {
  expectLength('linearBias', heads);
  expectLength('linearBias', length);
  const slopes = slopesOf(heads);
  const values = Float32Array.from({ length: heads * length * length }, (_, i) => {
    const [head, query] = [Math.floor(i / length / length), Math.floor(i / length) % length];
    return -slopes[head]! * Math.abs((i % length) - query);
  });
  return tf.tensor4d(values, [1, heads, length, length]);
}

function slopesOf(heads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(heads));
  const own = Array.from({ length: power }, (_, i) => 2 ** ((-8 * (i + 1)) / power));
  if (power === heads) return own;
  return [...own, ...slopesOf(2 * power).filter((_, i) => i % 2 === 0)].slice(0, heads);
}
