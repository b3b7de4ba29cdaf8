import { EmbeddingError, expectMembers } from '@diptych/core';
import type { Image } from './image.ts';

/** `(value * rescale - mean) / std` per channel, in float32. */
export interface Normalization {
  /** Factor from `[0, 255]`, usually 1 / 255. */
  readonly rescale: number;
  readonly mean: readonly [red: number, green: number, blue: number];
  readonly std: readonly [red: number, green: number, blue: number];
}

/**
 * Writes the normalised pixels of an RGB image, `[height, width, 3]`, into `out` from `offset`.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the image is not RGB or `out` has no room for it.
 */
export function normalizePixels(image: Image, config: Normalization, out: Float32Array, offset = 0): void {
  expectMembers(image, 'image', 'data', 'width', 'height');
  expectMembers(config, 'normalize');
  expectMembers(out, 'normalize: out', 'length');
  const { data, channels } = image;
  if (channels !== 3 || offset + data.length > out.length) {
    const got = `${channels} channels, ${data.length} values from ${offset} of ${out.length}`;
    throw new EmbeddingError('SHAPE_MISMATCH', `normalize: expected RGB that fits the output, got ${got}`);
  }
  const [red, green, blue] = [tableOf(config, 0), tableOf(config, 1), tableOf(config, 2)];
  for (let i = 0; i < data.length; i += 3) {
    out[offset + i] = red[data[i]!]!;
    out[offset + i + 1] = green[data[i + 1]!]!;
    out[offset + i + 2] = blue[data[i + 2]!]!;
  }
}

/** Each step rounded to float32, as numpy and torch do. */
function tableOf({ rescale, mean, std }: Normalization, channel: 0 | 1 | 2): Float32Array {
  const [center, spread] = [Math.fround(mean[channel]), Math.fround(std[channel])];
  return Float32Array.from({ length: 256 }, (_, value) => Math.fround(Math.fround(value * rescale) - center) / spread);
}
