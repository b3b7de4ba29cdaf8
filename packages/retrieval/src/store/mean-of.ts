/** Of some rows. */
export function meanOf(rows: readonly Float32Array[], dim: number): Float32Array {
  const mean = new Float64Array(dim);
  for (const row of rows) for (let i = 0; i < dim; i++) mean[i]! += row[i]! / rows.length;
  return Float32Array.from(mean);
}

/** The square of how far two points are from each other. */
export function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
}
