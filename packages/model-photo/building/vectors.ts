/** `sum += factor * vector`. */
export function addTo(sum: Float64Array, vector: Float64Array, factor = 1): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += factor * vector[i]!;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The same direction; zero stays zero. */
export function unit(vector: Float64Array): Float64Array {
  const norm = Math.sqrt(dot(vector, vector));
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}

/** The mean of vectors of one length. */
export function meanOf(vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) addTo(sum, vector);
  return sum.map((value) => value / vectors.length);
}

/** Less its own mean. */
export function centred(vector: Float64Array): Float64Array {
  const mean = vector.reduce((sum, value) => sum + value, 0) / vector.length;
  return vector.map((value) => value - mean);
}

/** `Σ weight v vᵀ`, `[length, length]` in rows. */
export function gram(vectors: readonly Float64Array[], weights?: readonly number[]): Float64Array {
  const n = vectors[0]!.length;
  const sums = new Float64Array(n * n);
  vectors.forEach((vector, row) => {
    const weight = weights?.[row] ?? 1;
    for (let i = 0; i < n; i++) {
      const factor = weight * vector[i]!;
      for (let j = 0; j <= i; j++) sums[i * n + j]! += factor * vector[j]!;
    }
  });
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sums[i * n + j] = sums[j * n + i]!;
  return sums;
}
