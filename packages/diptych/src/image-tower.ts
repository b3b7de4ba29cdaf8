import { type Encoder, expectMembers, type ImageBatch, type Preprocessor } from '@diptych/core';
import { type Image, type ImageInput, isImageInput, joinImages, type Rgb } from '@diptych/preprocessing/image';
import { isFar, loadImage } from '#platform';
import { refuseOptions, type Tower } from './tower.ts';

export interface ImageTowerParts {
  readonly encoder: Encoder<ImageBatch>;
  /** Decoded images to one batch. */
  readonly preprocess: Preprocessor<Image, ImageBatch>;
  /** Blended under transparent pixels where the caller names no colour. Default none: alpha is kept for `preprocess`. */
  readonly background?: Rgb;
}

/** A tower of images in files, at addresses or in memory. Each is preprocessed as soon as it is decoded. */
export function imageTower(parts: ImageTowerParts): Tower<ImageInput, ImageBatch, ImageBatch> {
  expectMembers(parts, 'imageTower', 'encoder', 'preprocess');
  const { encoder, preprocess, background } = parts;
  return {
    encoder,
    isItem: isImageInput,
    check: (options) => refuseOptions(options, ['prompt'], 'images'),
    read(image, { decode, signal, onBegun }) {
      if (isFar(image)) onBegun?.();
      const own = { background: decode?.background ?? background, signal, ...(onBegun && { onRead: onBegun }) };
      return loadImage(image, preprocess, { ...decode, ...own });
    },
    preprocess: (images) => joinImages(images),
  };
}
