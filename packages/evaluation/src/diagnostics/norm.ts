/** Root of the sum of squares: the length of a vector, the Frobenius norm of a matrix. */
export function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
}
