// What kernels and layers must have alike: `tools/kernels.mjs` of backend-wasm writes `assembly/constants.ts` of it.

/** Largest code of a weight, of either sign. 768 products of two codes of `int16` add up within 32 bits. */
export const largestCode = { int8: 127, int16: 1672 } as const;

/**
 * A score of a key that does not count: `exp` of it is 0 in float32 beside any other. Finite, so that a row without
 * any key gives uniform weights rather than NaN, as in transformers.
 */
export const hiddenScore = -1e9;

/** OpenAI trained CLIP with `x σ(1.702 x)`. */
export const quickGeluSlope = 1.702;

/** `linear x + cubic x³ = 2 √(2/π) (x + 0.044715 x³)`, of `gelu_pytorch_tanh`. */
export const geluTanh = { linear: 1.5957691216057308, cubic: 0.07135481627260025 } as const;

/**
 * `Φ(-z) / e ** (-z²/2)` for `z >= 0` as a polynomial in `t = 1 / (1 + slope z)`, the form of Hastings 1955, from degree 6 down;
 * fitted for least maximum error, weighted with `max(1, z) e ** (-z²/2)`: 1e-8 in exact numbers.
 */
export const normalTail = {
  slope: 0.35,
  polynomial: [0.047302739, -0.299346901, 0.626813675, -0.300698098, 0.326063452, 0.0954640028, 0.00440112017],
} as const;
