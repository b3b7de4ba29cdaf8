/** Rows beyond `k` that a database is asked for, so that the uncertain ones near the `k`th are among them. */
const spare = 64;

/** How many rows to ask for. */
export function nearLimit(k: number): number {
  return Math.min(k, 2 ** 31 - 1 - spare) + spare;
}

/**
 * Of the nearest `nearLimit(k)` rows, nearest first, those that may be among the best `k`. A database sums float32
 * components in float32, so its order is uncertain within `cosineError`. `undefined` when rows that it left out may be
 * among them, as when many are equally near.
 */
export function certainlyNear<T extends { readonly distance: number }>(
  nearest: readonly T[],
  k: number,
  dim: number,
): T[] | undefined {
  const limit = (nearest[k - 1]?.distance ?? Infinity) + 2 * cosineError(dim);
  const isCut = nearest.length === nearLimit(k) && nearest.at(-1)!.distance <= limit;
  return isCut ? undefined : nearest.filter(({ distance }) => distance <= limit);
}

/**
 * Bound on the error of a cosine of `dim` float32 components, Higham, Accuracy and Stability of Numerical Algorithms,
 * 3.1: `dim` roundings in the product, as many halves in each of two norms, and a few in what is done with them.
 */
function cosineError(dim: number): number {
  return (2 * dim + 16) * 2 ** -24;
}

/** Whether squares of the components of a row can be summed in float32 without running over or vanishing. */
export function isOrdinary(row: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i]! * row[i]!;
  return sum > 1e-30 && sum < 1e30;
}
