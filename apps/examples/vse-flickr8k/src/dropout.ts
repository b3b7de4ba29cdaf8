import { seededRandom, type TextBatch } from '@diptych/core';
import { unknown } from './captions.ts';
import type { Features } from './part.ts';

/** Features of which each value is 0 by chance, the others larger by so much that the sum stays, in place. */
export function dropFeatures({ data }: Features, rate: number, random: () => number): void {
  for (let i = 0; i < data.length; i++) data[i] = random() < rate ? 0 : data[i]! / (1 - rate);
}

/** Words of which each becomes `unknown` by chance, in place. */
export function dropWords({ ids, mask }: TextBatch, rate: number, random: () => number): void {
  for (let i = 0; i < ids.length; i++) if (mask[i] === 1 && random() < rate) ids[i] = unknown;
}

/** Numbers of one step, the same whenever it is taken. */
export function randomOfStep(seed: number, step: number): () => number {
  return seededRandom((Math.imul(seed, 0x9e3779b1) + step) >>> 0);
}
