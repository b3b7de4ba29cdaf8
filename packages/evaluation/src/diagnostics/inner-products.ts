import { pieces, type Steps } from '@diptych/core';
import type { FiniteRows } from '../rows.ts';

/** `aᵀ b`, `[columns of a, columns of b]`, row-major; both have as many rows. */
export function* innerProducts(a: FiniteRows, b: FiniteRows = a): Steps<Float64Array> {
  const [n, width] = a.shape;
  const height = b.shape[1];
  const out = new Float64Array(width * height);
  const pause = pieces();
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < width; i++) {
      const value = a.data[row * width + i]!;
      for (let j = 0; j < height; j++) out[i * height + j]! += value * b.data[row * height + j]!;
    }
    if (pause(width * height)) yield undefined;
  }
  return out;
}
