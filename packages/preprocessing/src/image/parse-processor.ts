import { configReader, EmbeddingError, quote, refuseSettings } from '@diptych/core';
import { integer, type Json, jsonObject } from '../text/config-file.ts';
import { factor, triple } from './config-fields.ts';
import type { Filter } from './filters.ts';
import type { ExactSize, ImageProcessorConfig, ShortestEdge } from './processor-config.ts';
import { clipMean, clipStd, halves } from './statistics.ts';

/**
 * Configuration from the JSON of a Hugging Face `preprocessor_config.json`.
 *
 * Missing fields take the defaults of the named processor, CLIP's when none is named. `-Fast` processors give the
 * pixels of their Pillow counterparts, which differ from theirs by at most 1 in 255, rarely 2. Images become RGB first,
 * also where `do_convert_rgb` is off: the model takes three channels.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a processor or a size rule we do not know, `CONFIG_INVALID` for a value
 *   of the wrong kind.
 */
export function parseImageProcessor(json: unknown): ImageProcessorConfig {
  const given = jsonObject(json, file);
  refuseSettings(configReader(given, file), neutral);
  const config = withCropShare({ ...defaultsOf(given), ...withoutNulls(given) });
  const { resample } = config;
  const filter = typeof resample === 'number' ? filters[resample] : undefined;
  if (!filter) throw unsupported('resample', 'a Pillow filter from 0 to 5', resample);
  const scaled = config['do_rescale'] !== false;
  const normalized = config['do_normalize'] !== false;
  return {
    toRgb: 'before',
    ...(config['do_resize'] !== false && { resize: resizeOf(config, filter) }),
    ...(config['do_center_crop'] === true && { crop: cropOf(config['crop_size']) }),
    rescale: scaled ? factor(config['rescale_factor'], `${file}, rescale_factor`) : 1,
    mean: normalized ? triple(config['image_mean'], `${file}, image_mean`) : [0, 0, 0],
    std: normalized ? triple(config['image_std'], `${file}, image_std`, factor) : [1, 1, 1],
  };
}

const file = 'preprocessor_config.json';

/** What a processor would do beside resizing, cropping and scaling. */
const neutral = {
  do_flip_channel_order: [false],
  do_pad: [false],
  input_data_format: [],
  pad_size: [],
  use_square_size: [false],
};

/** By Pillow's number. */
const filters: readonly Filter[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];

const clip = {
  size: { shortest_edge: 224 },
  square: false,
  resample: 3,
  do_center_crop: true,
  crop_size: 224,
  rescale_factor: 1 / 255,
  image_mean: clipMean,
  image_std: clipStd,
};
const squash = { ...clip, size: 224, square: true, do_center_crop: false, image_mean: halves, image_std: halves };

/** Defaults by processor. `square`: a plain number is both sides, not the shorter one. */
const processors: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['CLIP', clip],
  ['ChineseCLIP', clip],
  ['Bit', clip],
  ['Siglip', squash],
  ['ViT', { ...squash, resample: 2 }],
  ['ConvNext', { ...squash, size: { shortest_edge: 384 }, resample: 2, crop_pct: 224 / 256 }],
]);

/**
 * ConvNeXt and ResNet say which share of the resized image the crop is: below 384 pixels the shorter side becomes
 * `size / crop_pct` and the middle is taken; larger images are squashed.
 */
function withCropShare(config: Json): Json {
  const { crop_pct: share, size } = config;
  if (share === undefined) return config;
  const given = typeof size === 'number' ? size : jsonObject(size, `${file}, size`)['shortest_edge'];
  const side = pixels(given, 'size.shortest_edge');
  if (side >= 384) return { ...config, size: { height: side, width: side }, do_center_crop: false };
  const shorter = Math.trunc(side / factor(share, `${file}, crop_pct`));
  return { ...config, size: { shortest_edge: shorter }, crop_size: side, do_center_crop: true };
}

function defaultsOf(given: Json): Json {
  const type = given['image_processor_type'] ?? given['feature_extractor_type'] ?? 'CLIPImageProcessor';
  const name = /^(\w+?)(?:ImageProcessor(?:Fast|Pil)?|FeatureExtractor)$/.exec(
    typeof type === 'string' ? type : '',
  )?.[1];
  const found = processors.get(name ?? '');
  if (!found) throw unsupported('image_processor_type', `one of ${[...processors.keys()]}`, type);
  return found;
}

function withoutNulls(given: Json): Json {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function resizeOf({ size, square, default_to_square: both = square }: Json, filter: Filter): ShortestEdge | ExactSize {
  if (typeof size === 'number') {
    const side = pixels(size, 'size');
    return both ? { mode: 'exact', width: side, height: side, filter } : { mode: 'shortest', size: side, filter };
  }
  const { shortest_edge: shortest, height, width, ...rest } = jsonObject(size, `${file}, size`);
  if (Object.keys(rest).length > 0) throw unsupported('size', 'shortest_edge, or height and width', Object.keys(rest));
  if (shortest !== undefined) return { mode: 'shortest', size: pixels(shortest, 'size.shortest_edge'), filter };
  return { mode: 'exact', width: pixels(width, 'size.width'), height: pixels(height, 'size.height'), filter };
}

function cropOf(size: unknown): NonNullable<ImageProcessorConfig['crop']> {
  const sides = typeof size === 'number' ? { height: size, width: size } : jsonObject(size, `${file}, crop_size`);
  const [width, height] = [pixels(sides['width'], 'crop_size.width'), pixels(sides['height'], 'crop_size.height')];
  return { width, height, rounding: 'hf' };
}

function pixels(value: unknown, field: string): number {
  return integer(value, `${file}, ${field}`, 1);
}

function unsupported(field: string, expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('UNSUPPORTED', { where: `${file}, ${field}`, expected, got: quote(got) });
}
