import type { RunName } from './results.ts';
import { variants } from './variants.ts';

const seeds = [1, 2, 3];

/** Every run of the report. */
export const plan: readonly RunName[] = [
  { method: 'CCA', seed: 0 },
  ...Object.keys(variants).flatMap((method) => seeds.map((seed) => ({ method, seed }))),
];
