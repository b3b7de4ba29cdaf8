import {
  checkSignal,
  EmbeddingError,
  expectItems,
  expectMembers,
  type ImageBatch,
  type Preprocessor,
} from '@diptych/core';
import { cropWindow, cutOut, type Image, overlap, toRgb, type Window } from './image.ts';
import { checkSides, type ImageProcessorConfig, maxSide, type Normalization } from './processor-config.ts';
import { resizeImage, startKernels } from './resize.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Decoded images to one batch, in order: resize, centre crop, rescale, normalise.
 *
 * Only the pixels inside the crop are computed, so an extreme aspect ratio costs no memory.
 * The batch rejects with `SHAPE_MISMATCH` when its images end at different sizes, and with `IMAGE_TOO_LARGE` when one ends
 * at more than 4096 x 4096.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` when a side of the crop or of the size is no whole number from 1 to 4096.
 */
export function imageProcessor(config: ImageProcessorConfig): Preprocessor<Image, ImageBatch> {
  expectMembers(config, 'imageProcessor');
  checkSides(config);
  return async (images, signal) => {
    expectItems(images, 'images');
    images.forEach((image, i) => expectMembers(image, `images[${i}]`, 'data', 'width', 'height'));
    await startKernels();
    checkSignal(signal);
    const [first] = images;
    const { width, height } = first ? outputSize(first, config) : { width: 0, height: 0 };
    if (width * height > maxSide ** 2) {
      throw new EmbeddingError('IMAGE_TOO_LARGE', {
        where: `image of ${first!.width}x${first!.height}`,
        expected: `to end at ${maxSide}x${maxSide} or less`,
        got: `${width}x${height}`,
      });
    }
    const pixels = new Float32Array(images.length * height * width * 3);
    images.forEach((image, i) => {
      checkSize(outputSize(image, config), { width, height }, i);
      normalizePixels(fit(image, config), config, pixels, i * height * width * 3);
    });
    return { pixels, shape: [images.length, height, width, 3] };
  };
}

/**
 * Batches of images one after another, in one.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when their images differ in size.
 */
export function joinImages(batches: readonly ImageBatch[]): ImageBatch {
  expectItems(batches, 'joinImages');
  batches.forEach((batch, i) => expectMembers(batch, `joinImages[${i}]`, 'pixels', 'shape'));
  const [, height, width, channels] = batches[0]?.shape ?? [0, 0, 0, 3];
  const count = batches.reduce((sum, { shape }) => sum + shape[0], 0);
  const pixels = new Float32Array(count * height * width * channels);
  let at = 0;
  for (const batch of batches) {
    const size = height * width * channels;
    checkSize({ width: batch.shape[2], height: batch.shape[1] }, { width, height }, at / size);
    pixels.set(batch.pixels, at);
    at += batch.pixels.length;
  }
  return { pixels, shape: [count, height, width, channels] };
}

/** Size that makes the shorter side `size` pixels; the longer is cut off to an integer, and never 0. */
export function shortestEdgeSize(of: Size, size: number): Size {
  expectMembers(of, 'shortestEdgeSize', 'width', 'height');
  const { width, height } = of;
  const long = Math.max(1, Math.trunc((size * Math.max(width, height)) / Math.min(width, height)));
  return width <= height ? { width: size, height: long } : { width: long, height: size };
}

/** The image at the model's input size, RGB. */
function fit(image: Image, config: ImageProcessorConfig): Image {
  const source = config.toRgb === 'before' ? toRgb(image) : image;
  const size = resizedSize(image, config);
  const window = cropped(size, config);
  const visible = overlap(size, window);
  const filter = config.resize?.filter ?? 'nearest';
  const seen = resizeImage(source, { ...size, filter, window: visible });
  const placed = { ...window, left: window.left - visible.left, top: window.top - visible.top };
  const result = cutOut(seen, placed);
  return config.toRgb === 'before' ? result : toRgb(result);
}

function outputSize(image: Image, config: ImageProcessorConfig): Size {
  return config.crop ?? resizedSize(image, config);
}

function resizedSize({ width, height }: Image, { resize }: ImageProcessorConfig): Size {
  if (!resize) return { width, height };
  if (resize.mode === 'shortest') return shortestEdgeSize({ width, height }, resize.size);
  return { width: resize.width, height: resize.height };
}

function cropped(size: Size, { crop }: ImageProcessorConfig): Window {
  return crop ? cropWindow(size, crop) : { left: 0, top: 0, ...size };
}

function checkSize(got: Size, expected: Size, index: number): void {
  if (got.width === expected.width && got.height === expected.height) return;
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where: `image ${index} of the batch`,
    expected: `${expected.width}x${expected.height}`,
    got: `${got.width}x${got.height}`,
  });
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
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'normalize', expected: 'RGB that fits the output', got });
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
