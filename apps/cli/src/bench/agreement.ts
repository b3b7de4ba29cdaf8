import type { Embeddings } from '@diptych/core';

/** Cosines of rows with the same rows of a reference. */
export interface Cosines {
  readonly lowest: number;
  readonly mean: number;
}

/** How close unit rows are to those of a reference. */
export interface Agreement {
  readonly cosine: Cosines;
  /**
   * The same after the mean row of the reference is subtracted from both, which flatters less where all rows are near
   * each other. Absent where nothing is left to compare: of a single row, or of rows that are all the same.
   */
  readonly centred?: Cosines;
}

/** Compares row `i` of `rows` with row `i` of `reference`, in float64; of equal shapes. */
export function agreement(rows: Embeddings, reference: Embeddings): Agreement {
  const dim = reference.shape[1];
  const centred = cosinesOf(rows, reference, meanRow(reference));
  return {
    cosine: cosinesOf(rows, reference, new Float64Array(dim)),
    ...(Number.isFinite(centred.mean) && { centred }),
  };
}

function meanRow({ data, shape: [n, dim] }: Embeddings): Float64Array {
  const sums = new Float64Array(dim);
  data.forEach((value, at) => (sums[at % dim]! += value / n));
  return sums;
}

function cosinesOf({ data }: Embeddings, { data: other, shape: [n, dim] }: Embeddings, origin: Float64Array): Cosines {
  const each = Array.from({ length: n }, (_, row) => {
    let [ab, aa, bb] = [0, 0, 0];
    for (let k = 0; k < dim; k++) {
      const [a, b] = [data[row * dim + k]! - origin[k]!, other[row * dim + k]! - origin[k]!];
      ab += a * b;
      aa += a * a;
      bb += b * b;
    }
    return ab / Math.sqrt(aa * bb);
  });
  return { lowest: Math.min(...each), mean: each.reduce((sum, cosine) => sum + cosine, 0) / n };
}
