import { seededRandom } from '@diptych/core';

/** What a random order is made of: the same numbers and names, the same order on every engine. */
export type Seeds = readonly (number | string)[];

/** Whole numbers in `[0, below)`: `seededRandom` of a seed that all `seeds` went into by FNV-1a. */
export function randomIntegers(seeds: Seeds): (below: number) => number {
  const random = seededRandom(hash(JSON.stringify(seeds)));
  return (below) => Math.floor(random() * below);
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}
