import type { FiniteRows } from '../rows.ts';

/** `aᵀ b`, `[columns of a, columns of b]`, row-major; both have as many rows. */
export function innerProducts(a: FiniteRows, b: FiniteRows = a): Float64Array {
  const [n, width] = a.shape;
  const height = b.shape[1];
  const out = new Float64Array(width * height);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < width; i++) {
      const value = a.data[row * width + i]!;
      for (let j = 0; j < height; j++) out[i * height + j]! += value * b.data[row * height + j]!;
    }
  }
  return out;
}
