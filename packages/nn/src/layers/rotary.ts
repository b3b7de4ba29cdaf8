import { EmbeddingError, expectList, expectMembers, quote } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/** Which components of a head turn together: the first half with the second, or each with its neighbour. */
export type RotaryPairs = 'halves' | 'neighbours';

/** By how much each token is turned: cosines and sines `[1, length, 1, size / 2]`, one for each pair of components. */
export interface Rotary {
  readonly cos: tf.Tensor4D;
  readonly sin: tf.Tensor4D;
  readonly pairs: RotaryPairs;
  /** The queries and keys of `qkv` `[n, length, 3 * width]`, which has them and the values side by side, turned. */
  turn(qkv: tf.Tensor3D, heads: number): tf.Tensor3D;
}

export interface RotaryConfig {
  /** Components of a head, an even number. */
  readonly size: number;
  /** Pair `i` turns by `place · base^(-2 i / size)`, as 10,000 in the paper. */
  readonly base: number;
  readonly pairs: RotaryPairs;
}

/** Rotary positions, Su et al. 2021, arXiv:2104.09864, of tokens at `places`. */
export function rotaryPositions(places: ArrayLike<number>, config: RotaryConfig): Rotary {
  expectList(places, 'rotaryPositions: places');
  const { size, base, pairs } = expectMembers(config, 'config', 'size', 'base', 'pairs');
  if (!(size % 2 === 0 && size > 0 && base > 0)) {
    const expected = 'an even size and a base above 0';
    throw new EmbeddingError('INPUT_INVALID', { where: 'rotaryPositions', expected, got: `${size} and ${base}` });
  }
  const angles = Array.from(places, (place) =>
    Array.from({ length: size / 2 }, (_, i) => place * base ** ((-2 * i) / size)),
  );
  return rotaryOf(angles, pairs);
}

/** @param angles In radians, of each token for each pair of components; a token of zeros is left as it is. */
export function rotaryOf(angles: readonly (readonly number[])[], pairs: RotaryPairs): Rotary {
  expectList(angles, 'rotaryOf: angles');
  if (pairs !== 'halves' && pairs !== 'neighbours') {
    throw new EmbeddingError('INPUT_INVALID', { where: 'pairs', expected: 'halves or neighbours', got: quote(pairs) });
  }
  const shape = [1, angles.length, 1, angles[0]?.length ?? 0] as [number, number, number, number];
  const table = (f: (angle: number) => number) => tf.tensor4d(Float32Array.from(angles.flat(), f), shape);
  const rotary: Rotary = {
    cos: table(Math.cos),
    sin: table(Math.sin),
    pairs,
    turn: (qkv, heads) => rotateStacked(qkv, heads, rotary),
  };
  return rotary;
}

/** `x` `[n, length, heads, size]`, each of its tokens turned: `(a, b)` to `(a cos - b sin, b cos + a sin)`. */
export function rotate(x: tf.Tensor4D, rotary: Omit<Rotary, 'turn'>): tf.Tensor4D {
  const { cos, sin, pairs } = expectMembers(rotary, 'rotary', 'cos', 'sin', 'pairs');
  const [n, length, heads, size] = expectMembers(x, 'x', 'shape').shape;
  const half = size / 2;
  const one: [number, number, number, number] = [n, length, heads, half];
  const isSplit = pairs === 'halves';
  const paired = isSplit ? x : tf.reshape(x, [n * length, heads, half, 2]);
  const part = (i: number) =>
    tf.reshape<tf.Rank.R4>(
      isSplit
        ? tf.slice(paired, [0, 0, 0, i * half], [-1, -1, -1, half])
        : tf.slice(paired, [0, 0, 0, i], [-1, -1, -1, 1]),
      one,
    );
  const [a, b] = [part(0), part(1)];
  const turned = [
    tf.sub<tf.Tensor4D>(tf.mul(a, cos), tf.mul(b, sin)),
    tf.add<tf.Tensor4D>(tf.mul(b, cos), tf.mul(a, sin)),
  ];
  if (isSplit) return tf.concat(turned, 3);
  return tf.reshape(tf.stack(turned, 4), [n, length, heads, size]);
}

function rotateStacked(qkv: tf.Tensor3D, heads: number, rotary: Rotary): tf.Tensor3D {
  const [n, length, stacked] = qkv.shape;
  const turning = (2 * stacked) / 3;
  const both = tf.reshape<tf.Rank.R4>(tf.slice(qkv, [0, 0, 0], [-1, -1, turning]), [n, length, 2 * heads, -1]);
  const turned = tf.reshape<tf.Rank.R3>(rotate(both, rotary), [n, length, turning]);
  return tf.concat([turned, tf.slice(qkv, [0, 0, turning], [-1, -1, -1])], 2);
}
