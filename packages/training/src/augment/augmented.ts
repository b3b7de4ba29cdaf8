import { type Batch, seededRandom } from '@diptych/core';
import type { Image } from '@diptych/preprocessing/image';
import type { Augmentation } from './augmentation.ts';

/** Changes an image by a seed of its own. */
export type ChangeImage = (image: Image, seed: number) => Promise<Image>;

/** @param preprocess Images to a batch, which tells the size that crops are resized to. */
export function changing(
  augment: Augmentation,
  preprocess: (images: readonly Image[]) => Batch | Promise<Batch>,
): ChangeImage {
  let size: Promise<Pick<Image, 'width' | 'height'> | undefined> | undefined;
  return async (image, seed) => augment(image, seededRandom(seed), await (size ??= inputSize(preprocess)));
}

const blank: Image = { data: new Uint8Array(8 * 8 * 3), width: 8, height: 8, channels: 3 };

/** Sides of every image of a batch, where these are pixels, `[n, height, width, channels]`. */
async function inputSize(preprocess: Parameters<typeof changing>[1]) {
  const [, height, width, channels] = (await preprocess([blank])).shape;
  return channels === undefined ? undefined : { height: height!, width: width! };
}

/** One number of several, for `seededRandom`: FNV-1a, a whole number at a time. */
export function seedOf(...parts: readonly number[]): number {
  return parts.reduce((hash, part) => Math.imul(hash ^ part, 0x01000193), 0x811c9dc5);
}
