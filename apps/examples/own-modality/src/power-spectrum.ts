/**
 * Squared magnitudes of the discrete Fourier transform of real samples, at the frequencies from 0 to half of the rate.
 *
 * @param samples As many as a power of two.
 */
export function powerSpectrum(samples: Float64Array): Float64Array {
  const n = samples.length;
  const real = reversed(samples);
  const imaginary = new Float64Array(n);
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    for (let k = 0; k < half; k++) {
      const [cos, sin] = [Math.cos((-2 * Math.PI * k) / size), Math.sin((-2 * Math.PI * k) / size)];
      for (let i = k; i < n; i += size) {
        const j = i + half;
        const a = real[j]! * cos - imaginary[j]! * sin;
        const b = real[j]! * sin + imaginary[j]! * cos;
        real[j] = real[i]! - a;
        imaginary[j] = imaginary[i]! - b;
        real[i]! += a;
        imaginary[i]! += b;
      }
    }
  }
  return Float64Array.from({ length: n / 2 + 1 }, (_, i) => real[i]! ** 2 + imaginary[i]! ** 2);
}

/** In the order of their places with the bits turned round. */
function reversed(samples: Float64Array): Float64Array {
  const bits = Math.log2(samples.length);
  return samples.map((_, i) => {
    let place = 0;
    for (let bit = 0; bit < bits; bit++) place = place * 2 + ((i >> bit) & 1);
    return samples[place]!;
  });
}
