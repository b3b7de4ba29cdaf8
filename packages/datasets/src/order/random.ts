/** What a random order is made of: the same numbers and names, the same order on every engine. */
export type Seeds = readonly (number | string)[];

/** Whole numbers in `[0, below)`: mulberry32 from a state that all `seeds` went into by FNV-1a. */
export function randomIntegers(seeds: Seeds): (below: number) => number {
  let state = hash(JSON.stringify(seeds));
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
