import { EmbeddingError, type Embeddings } from '@diptych/core';

/** How far rows are from those of a reference, both scaled to length 1. */
export interface Parity {
  /** Largest difference of any component; infinite where one is not a number. */
  readonly maxDifference: number;
  /** Smallest cosine of a row with its reference. */
  readonly minCosine: number;
  /** Row with the largest difference. */
  readonly worst: number;
}

/**
 * Compares row `i` with row `i`, in float64.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the dimensions differ.
 */
export function parity(rows: Embeddings, reference: readonly (readonly number[])[]): Parity {
  const dim = rows.shape[1];
  const given = reference[0]!.length;
  if (given !== dim) {
    throw new EmbeddingError('SHAPE_MISMATCH', { where: rows.model, expected: `rows of dimension ${dim}`, got: given });
  }
  const each = reference.map((row, i) => compare([...rows.data.subarray(i * dim, (i + 1) * dim)], row));
  const differences = each.map(({ difference }) => difference);
  const maxDifference = differences.reduce((a, b) => Math.max(a, b), 0);
  return {
    maxDifference,
    minCosine: each.reduce((least, { cosine }) => Math.min(least, cosine), 1),
    worst: differences.indexOf(maxDifference),
  };
}

function compare(got: readonly number[], expected: readonly number[]): { difference: number; cosine: number } {
  const [a, b] = [unit(got), unit(expected)];
  const difference = Math.max(...a.map((value, k) => Math.abs(value - b[k]!)));
  const cosine = a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  return Number.isNaN(difference) ? { difference: Infinity, cosine: -1 } : { difference, cosine };
}

function unit(row: readonly number[]): readonly number[] {
  const norm = Math.hypot(...row);
  return row.map((value) => value / norm);
}
