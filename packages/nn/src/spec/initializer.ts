/** Start values for an array of `size` numbers, drawn from `random`, which gives uniform numbers in `[0, 1)`. */
export type Initializer = (size: number, random: () => number) => Float32Array;

export function constant(value: number): Initializer {
  return (size) => new Float32Array(size).fill(value);
}

export const zeros: Initializer = constant(0);
export const ones: Initializer = constant(1);

/** Uniform in `[low, high)`. */
export function uniform(low: number, high: number): Initializer {
  return (size, random) => Float32Array.from({ length: size }, () => low + (high - low) * random());
}

/** Normal with mean 0, by Box and Muller. */
export function normal(std: number): Initializer {
  return (size, random) => Float32Array.from({ length: size }, () => std * gaussian(random));
}

/** Uniform with variance `2 / (fanIn + fanOut)`, Glorot & Bengio 2010. */
export function xavierUniform(fanIn: number, fanOut: number): Initializer {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return uniform(-limit, limit);
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
