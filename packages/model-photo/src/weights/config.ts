import type { PhotoConfig } from '../config.ts';

/** What the weights beside it are of. */
export const config: PhotoConfig = {
  dim: 400,
  text: { words: 11_400 },
  image: { size: 224, alpha: 0.75, classes: 1000, temperature: 2, floor: 0.003, colours: 12, colourFloor: 0.02 },
};
