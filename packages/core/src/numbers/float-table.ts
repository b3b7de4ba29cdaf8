/**
 * Every value of a small float, by its bits.
 *
 * @param special `ieee`: the top exponent holds infinities and NaN. `finite`: it holds numbers, and only all ones is NaN.
 * @returns `2 ** (1 + exponentBits + mantissaBits)` values, each exact in float32.
 */
export function floatTable(exponentBits: number, mantissaBits: number, special: 'ieee' | 'finite'): Float32Array {
  const half = 2 ** (exponentBits + mantissaBits);
  const top = 2 ** exponentBits - 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  const steps = 2 ** mantissaBits;
  const table = new Float32Array(2 * half);
  for (let bits = 0; bits < half; bits++) {
    const exponent = Math.floor(bits / steps);
    const mantissa = bits % steps;
    let value = exponent === 0 ? (mantissa / steps) * 2 ** (1 - bias) : (1 + mantissa / steps) * 2 ** (exponent - bias);
    if (special === 'ieee' && exponent === top) value = mantissa === 0 ? Infinity : NaN;
    if (special === 'finite' && bits === half - 1) value = NaN;
    table[bits] = value;
    table[half + bits] = -value;
  }
  return table;
}
