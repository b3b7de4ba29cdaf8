/** How far two sets of embeddings are apart. */
export interface Agreement {
  /** Largest difference of two numbers. */
  readonly difference: number;
  /** Smallest cosine of two rows. */
  readonly cosine: number;
}

export function compare(a: Float32Array, b: Float32Array, dim: number): Agreement {
  let [difference, cosine] = [0, 1];
  for (let row = 0; row < a.length; row += dim) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = row; i < row + dim; i++) {
      difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
      ab += a[i]! * b[i]!;
      aa += a[i]! ** 2;
      bb += b[i]! ** 2;
    }
    cosine = Math.min(cosine, ab / Math.sqrt(aa * bb));
  }
  return { difference, cosine };
}
