/** How far two sets of embeddings are apart. */
export interface Agreement {
  /** Largest difference of two numbers. */
  readonly difference: number;
  /** Smallest cosine of two rows. */
  readonly cosine: number;
  /** The same after the mean row of the second set is subtracted, which flatters less; NaN for one row. */
  readonly centred: number;
}

export function compare(a: Float32Array, b: Float32Array, dim: number): Agreement {
  let difference = 0;
  a.forEach((value, i) => (difference = Math.max(difference, Math.abs(value - b[i]!))));
  const mean = Float64Array.from({ length: dim }, (_, j) => {
    let sum = 0;
    for (let i = j; i < b.length; i += dim) sum += b[i]!;
    return (sum * dim) / b.length;
  });
  return { difference, cosine: lowestCosine(a, b, new Float64Array(dim)), centred: lowestCosine(a, b, mean) };
}

function lowestCosine(a: Float32Array, b: Float32Array, origin: Float64Array): number {
  const dim = origin.length;
  let lowest = 1;
  for (let row = 0; row < a.length; row += dim) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let j = 0; j < dim; j++) {
      const [x, y] = [a[row + j]! - origin[j]!, b[row + j]! - origin[j]!];
      ab += x * y;
      aa += x ** 2;
      bb += y ** 2;
    }
    lowest = Math.min(lowest, ab / Math.sqrt(aa * bb));
  }
  return lowest;
}
