import { expectMembers, seededRandom } from '@diptych/core';

/** Where each value of a vector is added in a shorter one, and with which sign. */
export interface CountSketch {
  /** In `[0, dim)`. */
  readonly positions: readonly number[];
  /** 1 or -1. */
  readonly signs: readonly number[];
}

/** A random sketch of vectors of `width` values in `dim`, the same for the same seed. */
export function countSketch(width: number, dim: number, seed: number): CountSketch {
  const random = seededRandom(seed);
  const draw = (value: () => number) => Array.from({ length: width }, value);
  return {
    positions: draw(() => Math.floor(random() * dim)),
    signs: draw(() => (random() < 0.5 ? -1 : 1)),
  };
}

/** The sketch of the outer product of two vectors that is the circular convolution of their sketches; Pham & Pagh 2013. */
export function outerSketch(x: CountSketch, y: CountSketch, dim: number): CountSketch {
  for (const sketch of [x, y]) expectMembers(sketch, 'outerSketch', 'positions', 'signs');
  return {
    positions: x.positions.flatMap((i) => y.positions.map((j) => (i + j) % dim)),
    signs: x.signs.flatMap((i) => y.signs.map((j) => i * j)),
  };
}
