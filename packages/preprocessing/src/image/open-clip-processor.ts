import { EmbeddingError, expectMembers, quote } from '@diptych/core';
import { integer, jsonObject } from '../text/config-file.ts';
import { factor, triple } from './config-fields.ts';
import type { ImageProcessorConfig } from './processor-config.ts';
import { clipMean, clipStd } from './statistics.ts';

/** The parts of an `open_clip_config.json` that say how images are prepared. */
export interface OpenClipImage {
  /** `model_cfg.vision_cfg.image_size`: pixels, or `[height, width]`. */
  readonly imageSize: unknown;
  /** `preprocess_cfg`. Its `size` is not read: open_clip takes that of the network. Default `{}`. */
  readonly preprocessCfg?: unknown;
}

const file = 'open_clip_config.json';

/**
 * Configuration of open_clip's evaluation transform: resized in the image's own mode, then cropped, then RGB.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a resize mode, interpolation or colour mode we do not know,
 *   `CONFIG_INVALID` for a value of the wrong kind.
 */
export function openClipImageProcessor(image: OpenClipImage): ImageProcessorConfig {
  expectMembers(image, 'openClipImageProcessor', 'imageSize');
  const { imageSize, preprocessCfg = {} } = image;
  const config = jsonObject(preprocessCfg, `${file}, preprocess_cfg`);
  const field = (name: string) => `${file}, preprocess_cfg.${name}`;
  const filter = oneOf(config['interpolation'] ?? 'bicubic', ['bicubic', 'bilinear'], field('interpolation'));
  const mode = oneOf(config['resize_mode'] ?? 'shortest', ['shortest', 'squash'], field('resize_mode'));
  oneOf(config['mode'] ?? 'RGB', ['RGB'], field('mode'));
  const { height, width } = sidesOf(imageSize);
  if (mode === 'shortest' && height !== width) {
    throw new EmbeddingError('UNSUPPORTED', {
      where: `${file}, image_size`,
      expected: 'a square',
      got: `${height}x${width}`,
    });
  }
  return {
    toRgb: 'after',
    ...(mode === 'squash'
      ? { resize: { mode: 'exact', width, height, filter } }
      : { resize: { mode, size: width, filter }, crop: { width, height, rounding: 'torchvision' } }),
    rescale: 1 / 255,
    mean: triple(config['mean'] ?? clipMean, field('mean')),
    std: triple(config['std'] ?? clipStd, field('std'), factor),
  };
}

function sidesOf(size: unknown): { height: number; width: number } {
  const [height, width] = Array.isArray(size) && size.length === 2 ? (size as unknown[]) : [size, size];
  const where = `${file}, image_size`;
  return { height: integer(height, where, 1), width: integer(width, where, 1) };
}

function oneOf<Known extends string>(value: unknown, known: readonly Known[], where: string): Known {
  const found = known.find((name) => name === value);
  if (found) return found;
  throw new EmbeddingError('UNSUPPORTED', { where, expected: `one of ${known.join()}`, got: quote(value) });
}
