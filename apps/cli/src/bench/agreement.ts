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
  /** Share of the rows, up to 512, whose nearest other row is the reference's too. Absent of a single row. */
  readonly recall?: number;
}

/** Compares row `i` of `rows` with row `i` of `reference`, in float64; of equal shapes. */
export function agreement(rows: Embeddings, reference: Embeddings): Agreement {
  const dim = reference.shape[1];
  const centred = cosinesOf(rows, reference, meanRow(reference));
  return {
    cosine: cosinesOf(rows, reference, new Float64Array(dim)),
    ...(Number.isFinite(centred.mean) && { centred }),
    ...(rows.shape[0] > 1 && { recall: recallOf(rows, reference) }),
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

const most = 512;

function recallOf(rows: Embeddings, reference: Embeddings): number {
  const [ours, theirs] = [nearestOf(rows), nearestOf(reference)];
  return ours.filter((nearest, i) => nearest === theirs[i]).length / ours.length;
}

/** Of each row the place of the other that is nearest by cosine, the first of several. */
function nearestOf({ data, shape: [n, dim] }: Embeddings): number[] {
  const rows = Array.from({ length: Math.min(n, most) }, (_, i) => data.subarray(i * dim, (i + 1) * dim));
  const lengths = rows.map((row) => Math.hypot(...row));
  return rows.map((row, i) => {
    let [nearest, highest] = [-1, -Infinity];
    rows.forEach((other, j) => {
      if (j === i) return;
      const cosine = row.reduce((sum, value, k) => sum + value * other[k]!, 0) / lengths[j]!;
      if (cosine > highest) [nearest, highest] = [j, cosine];
    });
    return nearest;
  });
}
