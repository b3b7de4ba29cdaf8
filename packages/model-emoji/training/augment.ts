import type { Artwork } from './artwork.ts';
import { background, tint } from './colours.ts';
import { warp } from './warp.ts';

type Random = () => number;

/**
 * Writes one varied view of a picture into `out`, `[size, size, 3]` in `[-1, 1]`: turned, scaled, moved, its colours
 * changed, over white or another background, blurred.
 */
export function augment(art: Artwork, size: number, random: Random, out: Float32Array): void {
  const view = warp(art, size, random);
  tint(view, random);
  const ground = background(size, random);
  for (let from = 0, to = 0; to < out.length; from += 4, to += 3) {
    const free = 1 - view[from + 3]!;
    for (let c = 0; c < 3; c++) out[to + c] = 2 * (view[from + c]! + free * ground[to + c]!) - 1;
  }
  if (random() < 0.25) blur(out, size, random());
  if (random() < 0.15) addNoise(out, 0.1 * random(), random);
}

/** Boxes of three pixels each way, mixed with the picture. */
function blur(out: Float32Array, size: number, mix: number): void {
  for (const step of [3, size * 3]) {
    const copy = out.slice();
    for (let i = step; i < copy.length - step; i++) {
      const mean = (copy[i - step]! + copy[i]! + copy[i + step]!) / 3;
      out[i] = copy[i]! + mix * (mean - copy[i]!);
    }
  }
}

function addNoise(out: Float32Array, strength: number, random: Random): void {
  for (let i = 0; i < out.length; i++) out[i]! += strength * (random() + random() - 1);
}
