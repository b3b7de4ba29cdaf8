import { atOnce } from '@diptych/core';
import { symmetricEigen } from '@diptych/core/eigen';
import { dot, gram } from './vectors.ts';

/** Two matrices in rows whose product is nearly what words say of what may be seen: of classes and of colours. */
export interface CommonSpace {
  /** `[words, dim]`. */
  readonly words: Float32Array;
  /** `[seen, dim]`. */
  readonly seen: Float32Array;
}

/**
 * The best such product of so few columns for words that are as frequent as Zipf says, its singular values shared by both:
 * Eckart and Young 1936. Of what is seen a column has the root of its singular value, so that photos are long where words are.
 *
 * @param rows `[words][seen]`.
 * @param weights How much the square of a word's error counts.
 */
export function commonSpace(rows: readonly Float64Array[], weights: readonly number[], dim: number): CommonSpace {
  const n = rows[0]!.length;
  const { values, vectors } = atOnce(symmetricEigen({ data: gram(rows, weights), shape: [n, n] }));
  const axes = Array.from({ length: dim }, (_, k) =>
    Float64Array.from({ length: n }, (__, i) => vectors.data[i * n + k]!),
  );
  const scales = axes.map((_, k) => (values[k]! / values[0]!) ** 0.25);
  const words = new Float32Array(rows.length * dim);
  rows.forEach((row, i) => axes.forEach((axis, k) => (words[i * dim + k] = dot(row, axis) / scales[k]!)));
  const seen = Float32Array.from({ length: n * dim }, (_, at) => {
    const k = at % dim;
    return axes[k]![Math.floor(at / dim)]! * scales[k]!;
  });
  return { words, seen };
}
