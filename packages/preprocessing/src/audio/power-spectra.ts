/**
 * Squared magnitudes of the discrete Fourier transforms of two real frames at once, in double precision.
 *
 * @param size Samples of a frame, a power of two.
 * @returns What takes frames as real and imaginary parts, which it overwrites, and writes `size / 2 + 1` powers of each.
 */
export function powerSpectra(
  size: number,
): (first: Float64Array, second: Float64Array, powers: readonly [Float64Array, Float64Array]) => void {
  const cosines = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sines = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
  const turned = reversedBits(size);
  return (re, im, [a, b]) => {
    for (let i = 0; i < size; i++) {
      const j = turned[i]!;
      if (j <= i) continue;
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half);
      for (let begin = 0; begin < size; begin += 2 * half) {
        for (let k = 0; k < half; k++) {
          const [c, s] = [cosines[k * step]!, sines[k * step]!];
          const [i, j] = [begin + k, begin + k + half];
          const real = c * re[j]! + s * im[j]!;
          const imaginary = c * im[j]! - s * re[j]!;
          re[j] = re[i]! - real;
          im[j] = im[i]! - imaginary;
          re[i]! += real;
          im[i]! += imaginary;
        }
      }
    }
    // Of one transform of both, the even part is the first frame's and the odd part the second's.
    for (let k = 0; k <= size / 2; k++) {
      const other = (size - k) % size;
      a[k] = ((re[k]! + re[other]!) ** 2 + (im[k]! - im[other]!) ** 2) / 4;
      b[k] = ((im[k]! + im[other]!) ** 2 + (re[other]! - re[k]!) ** 2) / 4;
    }
  };
}

function reversedBits(size: number): Uint32Array {
  const turned = new Uint32Array(size);
  for (let i = 1; i < size; i++) turned[i] = (turned[i >> 1]! >> 1) | (i & 1 ? size >> 1 : 0);
  return turned;
}
