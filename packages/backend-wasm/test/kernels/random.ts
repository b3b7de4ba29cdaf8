/** Numbers in `[-1, 1)`, the same for the same seed. */
export function randomNumbers(seed: number): (size: number) => Float32Array {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return (size) => Float32Array.from({ length: size }, next);
}

/** Whole numbers from `low` to `high`, both included. */
export function randomSizes(seed: number): (low: number, high: number) => number {
  const numbers = randomNumbers(seed);
  return (low, high) => low + Math.floor(((numbers(1)[0]! + 1) / 2) * (high - low + 1));
}
