import type { Image } from './image.ts';

/** Colour multiplied by alpha, in Pillow's integers. `image` has 2 or 4 channels. */
export function premultiply({ data, channels }: Image): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    const last = pixel + channels - 1;
    const alpha = data[last]!;
    for (let at = pixel; at < last; at++) out[at] = scale255(data[at]!, alpha);
    out[last] = alpha;
  }
  return out;
}

/** Inverse of `premultiply`, in place; colour under zero alpha stays as it is. */
export function unpremultiply(data: Uint8Array, channels: number): void {
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    const last = pixel + channels - 1;
    const alpha = data[last]!;
    if (alpha === 0 || alpha === 255) continue;
    for (let at = pixel; at < last; at++) data[at] = Math.min(255, Math.trunc((255 * data[at]!) / alpha));
  }
}

/** `a * b / 255` rounded, for bytes: Pillow's `MULDIV255`. */
export function scale255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
