import type { Artwork } from './artwork.ts';

type Random = () => number;

/** A picture turned, scaled, sheared and moved at random, or as it is; `[size, size, 4]` in `[0, 1]`. */
export function warp({ size: side, data }: Artwork, size: number, random: Random): Float32Array {
  const [a, b, c, d, dx, dy] = random() < 0.2 ? [1, 0, 0, 1, 0, 0] : transform(random);
  const out = new Float32Array(size * size * 4);
  const quarter = side / size / 4;
  for (let y = 0, to = 0; y < size; y++) {
    for (let x = 0; x < size; x++, to += 4) {
      const [u, v] = [(x + 0.5) / size - 0.5 - dx!, (y + 0.5) / size - 0.5 - dy!];
      const left = (a! * u + b! * v + 0.5) * side - 0.5;
      const top = (c! * u + d! * v + 0.5) * side - 0.5;
      // Two samples stand for the area of a pixel.
      addSample(data, side, left - quarter, top - quarter, out, to);
      addSample(data, side, left + quarter, top + quarter, out, to);
    }
  }
  return out;
}

/** From the view to the picture: a matrix of 2 by 2, and what is subtracted before. */
function transform(random: Random): number[] {
  const between = (low: number, high: number) => low + (high - low) * random();
  const angle = 0.12 * (between(-1, 1) + between(-1, 1));
  const scale = between(0.75, 1.12);
  const aspect = between(0.9, 1.1);
  const shear = between(-0.1, 0.1);
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const [dx, dy] = [between(-0.07, 0.07), between(-0.07, 0.07)];
  return [cos * aspect, (cos * shear + sin) / aspect, -sin * aspect, (cos - sin * shear) / aspect, dx, dy];
}

/** Adds half of the bilinear value at a place; nothing outside. */
function addSample(data: Uint8Array, side: number, x: number, y: number, out: Float32Array, to: number): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < 0 || top < 0 || left + 1 >= side || top + 1 >= side) return;
  const [fx, fy] = [x - left, y - top];
  const above = (top * side + left) * 4;
  const below = above + side * 4;
  for (let c = above, k = to; k < to + 4; c++, k++) {
    const upper = data[c]! + fx * (data[c + 4]! - data[c]!);
    const lower = data[c - above + below]! + fx * (data[c - above + below + 4]! - data[c - above + below]!);
    out[k]! += (upper + fy * (lower - upper)) / 510;
  }
}
