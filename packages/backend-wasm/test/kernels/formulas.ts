/** Layer norm in double precision; the width is that of `weight`. */
export function layerNorm(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  epsilon: number,
): Float64Array {
  const width = weight.length;
  const out = new Float64Array(x.length);
  for (let row = 0; row < x.length; row += width) {
    const values = Array.from({ length: width }, (_, i) => x[row + i]!);
    const mean = values.reduce((sum, v) => sum + v, 0) / width;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / width;
    values.forEach((v, i) => (out[row + i] = ((v - mean) / Math.sqrt(variance + epsilon)) * weight[i]! + bias[i]!));
  }
  return out;
}

/** Batch norm in double precision, its means and population variances; the width is that of `weight`. */
export function batchNorm(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  epsilon: number,
): { readonly y: Float64Array; readonly mean: Float64Array; readonly variance: Float64Array } {
  const width = weight.length;
  const rows = x.length / width;
  const [y, mean, variance] = [new Float64Array(x.length), new Float64Array(width), new Float64Array(width)];
  for (let j = 0; j < width; j++) {
    const values = Array.from({ length: rows }, (_, row) => x[row * width + j]!);
    mean[j] = values.reduce((sum, v) => sum + v, 0) / rows;
    variance[j] = values.reduce((sum, v) => sum + (v - mean[j]!) ** 2, 0) / rows;
    const scale = weight[j]! / Math.sqrt(variance[j]! + epsilon);
    values.forEach((v, row) => (y[row * width + j] = (v - mean[j]!) * scale + bias[j]!));
  }
  return { y, mean, variance };
}

export type Shape = readonly [n: number, length: number, heads: number, size: number];

/** Self-attention in double precision. `mask` gives what is added to a score. */
export function attention(
  qkv: ArrayLike<number>,
  shape: Shape,
  mask: (item: number, head: number, i: number, j: number) => number,
) {
  const [n, length, heads, size] = shape;
  const width = heads * size;
  const out = new Float64Array(n * length * width);
  const at = (item: number, i: number, part: number, head: number) =>
    (item * length + i) * 3 * width + part * width + head * size;
  for (let item = 0; item < n; item++) {
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < length; i++) {
        const scores = Array.from({ length }, (_, j) => {
          let dot = 0;
          for (let d = 0; d < size; d++) dot += qkv[at(item, i, 0, head) + d]! * qkv[at(item, j, 1, head) + d]!;
          return dot / Math.sqrt(size) + mask(item, head, i, j);
        });
        const highest = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - highest));
        const total = weights.reduce((a, b) => a + b, 0);
        weights.forEach((weight, j) => {
          for (let d = 0; d < size; d++) {
            out[(item * length + i) * width + head * size + d]! += (weight / total) * qkv[at(item, j, 2, head) + d]!;
          }
        });
      }
    }
  }
  return out;
}
