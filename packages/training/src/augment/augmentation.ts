import { type ConfigReader, EmbeddingError, type ErrorCode, expectMembers, kindOf } from '@diptych/core';
import { type Image, resizeImage, toRgb, type Window } from '@diptych/preprocessing/image';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from './colour-jitter.ts';
import { cropOf } from './random-crop.ts';

type Range = readonly [least: number, most: number];

/** How images are changed at random; nothing is done of what is absent. */
export interface AugmentationOptions {
  /** Part of the area that a random crop takes, in `(0, 1]`. */
  readonly crop?: Range | undefined;
  /** Width of the crop by its height. Default 3/4 to 4/3. */
  readonly ratio?: Range | undefined;
  /** Chance that left and right are exchanged. */
  readonly flip?: number | undefined;
  /** Factors lie within so much of 1, and not below 0. */
  readonly brightness?: number | undefined;
  readonly contrast?: number | undefined;
  readonly saturation?: number | undefined;
  /** Part of the circle that hues are turned by, in either direction; at most 0.5. */
  readonly hue?: number | undefined;
}

/**
 * @param random Numbers in `[0, 1)`.
 * @param size That a crop is resized to, by bicubic interpolation. Default it stays as large as it is.
 */
export type Augmentation = (image: Image, random: () => number, size?: Pick<Image, 'width' | 'height'>) => Image;

/**
 * A random resized crop, a flip and changes of colour in random order, as torchvision's `RandomResizedCrop`,
 * `RandomHorizontalFlip` and `ColorJitter` do them to an image of Pillow: the same pixels for the same random choices.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` naming the option.
 */
export function augmentation(options: AugmentationOptions): Augmentation {
  return augmentationOf(expectMembers(options, 'augmentation'), 'INPUT_INVALID', 'augmentation');
}

const names = ['crop', 'ratio', 'flip', 'brightness', 'contrast', 'saturation', 'hue'] as const;

/**
 * What `data.augment` of a configuration says.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` with the path of the field.
 */
export function augmentConfig(reader: ConfigReader): Augmentation {
  reader.only(...names);
  const options = Object.fromEntries(names.flatMap((name) => (reader.has(name) ? [[name, reader.value(name)]] : [])));
  return augmentationOf(options, 'CONFIG_INVALID', reader.where);
}

function augmentationOf(options: AugmentationOptions, code: ErrorCode, where: string): Augmentation {
  const refuse: Refuse = (name, expected, value) => {
    const got = typeof value === 'number' || Array.isArray(value) ? JSON.stringify(value) : kindOf(value);
    throw new EmbeddingError(code, { where: `${where}: ${name}`, expected, got });
  };
  const { crop, ratio = [3 / 4, 4 / 3], flip = 0 } = options;
  if (crop) expectRange(refuse, { name: 'crop', range: crop, most: 1 });
  expectRange(refuse, { name: 'ratio', range: ratio, most: Infinity });
  expectNumber(refuse, { name: 'flip', value: flip, most: 1 });
  const jitter = colourJitter(options, refuse);
  return (image, random, size) => {
    expectMembers(image, 'augmentation: image', 'data', 'width', 'height');
    let result = image.channels < 3 ? toRgb(image) : image;
    if (crop) {
      const window = cropOf(result, { scale: crop, ratio, random });
      const { width, height } = window;
      result = resizeImage(cut(result, window), { filter: 'bicubic', ...(size ?? { width, height }) });
    }
    if (random() < flip) result = flipped(result);
    return jitter(result, random);
  };
}

/** Throws. */
type Refuse = (name: string, expected: string, value: unknown) => void;

function colourJitter({ brightness, contrast, saturation, hue }: AugmentationOptions, refuse: Refuse) {
  const changes = [
    { name: 'brightness', adjust: adjustBrightness, by: brightness, most: Infinity },
    { name: 'contrast', adjust: adjustContrast, by: contrast, most: Infinity },
    { name: 'saturation', adjust: adjustSaturation, by: saturation, most: Infinity },
    { name: 'hue', adjust: adjustHue, by: hue, most: 0.5 },
  ].flatMap(({ by, ...change }) => (by === undefined ? [] : [{ ...change, by }]));
  for (const { name, by, most } of changes) expectNumber(refuse, { name, value: by, most });
  return (image: Image, random: () => number): Image => {
    const left = [...changes];
    let result = image;
    while (left.length > 0) {
      const [{ name, adjust, by }] = left.splice(Math.floor(random() * left.length), 1) as [(typeof changes)[number]];
      const [least, most] = name === 'hue' ? [-by, by] : [Math.max(0, 1 - by), 1 + by];
      result = adjust(result, least + (most - least) * random());
    }
    return result;
  };
}

function cut(image: Image, { left, top, width, height }: Window): Image {
  const { channels } = image;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    data.set(image.data.subarray(from, from + width * channels), y * width * channels);
  }
  return { ...image, data, width, height };
}

/** Left and right exchanged. */
function flipped(image: Image): Image {
  const { width, height, channels } = image;
  const data = new Uint8Array(image.data.length);
  for (let to = 0; to < width * height; to++) {
    const row = to - (to % width);
    const from = row + width - 1 - (to - row);
    for (let c = 0; c < channels; c++) data[to * channels + c] = image.data[from * channels + c]!;
  }
  return { ...image, data };
}

function expectRange(
  refuse: Refuse,
  { name, range, most }: { readonly name: string; readonly range: Range; readonly most: number },
): void {
  const isRange = Array.isArray(range) && range.length === 2 && range.every(Number.isFinite);
  if (isRange && range[0] > 0 && range[0] <= range[1] && range[1] <= most) return;
  refuse(name, `two numbers above 0${most === 1 ? ', and 1 at most' : ''}, the smaller one first`, range);
}

function expectNumber(
  refuse: Refuse,
  { name, value, most }: { readonly name: string; readonly value: number; readonly most: number },
): void {
  if (Number.isFinite(value) && value >= 0 && value <= most) return;
  refuse(name, most === Infinity ? 'a number from 0' : `a number from 0 to ${most}`, value);
}
