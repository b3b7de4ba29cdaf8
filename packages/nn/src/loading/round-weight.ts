import { largestCode, type WeightType } from '@diptych/core';

/**
 * Weights `[inputs, outputs]` as the kernels of backend-wasm round them, for backends without: `round(w / factor /
 * scale)` with a power of two for each row and a scale for each column. Rows `channels` apart have one power.
 */
export function roundWeight(
  values: Float32Array,
  [inputs, outputs]: readonly [inputs: number, outputs: number],
  dtype: Exclude<WeightType, 'float32'>,
  channels: number = inputs,
): Float32Array {
  const factors = rowFactors(values, inputs, outputs, channels);
  const scales = new Float32Array(outputs);
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < outputs; j++) {
      scales[j] = Math.max(scales[j]!, Math.abs(values[i * outputs + j]! / factors[i]!));
    }
  }
  scales.forEach((largest, j) => (scales[j] = largest / largestCode[dtype]));
  const inverses = scales.map((scale) => (scale > 0 ? 1 / scale : 0));
  return values.map((value, at) => {
    const [factor, j] = [factors[Math.floor(at / outputs)]!, at % outputs];
    const code = nearest(Math.fround((value / factor) * inverses[j]!)) || 0;
    return code * Math.fround(scales[j]! * factor);
  });
}

/** The power of two nearest to the root of each row's largest weight against that of all. */
function rowFactors(values: Float32Array, inputs: number, outputs: number, channels: number): readonly number[] {
  const largest = Array.from({ length: Math.min(inputs, channels) }, (_, i) => {
    let found = 0;
    for (let row = i; row < inputs; row += channels) {
      for (let j = 0; j < outputs; j++) found = Math.max(found, Math.abs(values[row * outputs + j]!));
    }
    return found;
  });
  const all = largest.reduce((a, b) => Math.max(a, b), 0);
  return Array.from({ length: inputs }, (_, i) => {
    const share = Math.fround(largest[i % channels]! / all);
    return share > 0 && share < Infinity ? 2 ** Math.floor(Math.log2(share) / 2 + 0.5) : 1;
  });
}

/** Ties to even, as WebAssembly rounds. */
function nearest(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
