import { type Embeddings, unitRows } from '@diptych/core';

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
  const count = Math.min(n, most);
  const { data: unit } = unitRows({ data: data.subarray(0, count * dim), shape: [count, dim] });
  return Array.from({ length: count }, (_, i) => {
    let [nearest, highest] = [-1, -Infinity];
    for (let j = 0; j < count; j++) {
      if (j === i) continue;
      let cosine = 0;
      for (let k = 0; k < dim; k++) cosine += unit[i * dim + k]! * unit[j * dim + k]!;
      if (cosine > highest) [nearest, highest] = [j, cosine];
    }
    return nearest;
  });
}
