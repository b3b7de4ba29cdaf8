import { type ConfigReader, EmbeddingError } from '@diptych/core';
import { familyConfig, type Files } from '@diptych/files';
import { grid } from './colours.ts';

/** What `config.json` says. */
export interface PhotoConfig {
  /** Length of an embedding. */
  readonly dim: number;
  readonly text: TextConfig;
  readonly image: ImageConfig;
}

export interface TextConfig {
  /** Rows of the table of words; the first is for texts of which no word is known. */
  readonly words: number;
}

export interface ImageConfig {
  /** Side of the square input, in pixels; a multiple of 16. */
  readonly size: number;
  /** Width multiplier of MobileNet v1. */
  readonly alpha: number;
  /** Classes that the classifier tells apart. */
  readonly classes: number;
  /** Logits are divided by it before the softmax. */
  readonly temperature: number;
  /** Share of a class below which it hardly counts: `ln(1 + share / floor)` of it is seen. */
  readonly floor: number;
  /** Colours of the palette. */
  readonly colours: number;
  /** What `floor` is to classes, to colours. */
  readonly colourFloor: number;
}

/** Names this family in `config.json`. */
export const modelType = 'diptych_photo';

/**
 * The configuration, or `undefined` where it is another family's.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` with the field for whatever is missing, unknown or out of range, and for what is
 *   no JSON object.
 */
export async function readConfig(files: Files, signal?: AbortSignal): Promise<PhotoConfig | undefined> {
  const config = await familyConfig(files, modelType, signal);
  if (!config) return undefined;
  config.only('model_type', 'dim', 'text', 'image');
  const [text, image] = [config.object('text'), config.object('image')];
  text.only('words');
  image.only('size', 'alpha', 'classes', 'temperature', 'floor', 'colours', 'colourFloor');
  return {
    dim: config.count('dim'),
    text: { words: text.count('words') },
    image: {
      size: sideOf(image),
      alpha: positive(image, 'alpha'),
      classes: image.count('classes'),
      temperature: positive(image, 'temperature'),
      floor: positive(image, 'floor'),
      colours: image.count('colours'),
      colourFloor: positive(image, 'colourFloor'),
    },
  };
}

function sideOf(config: ConfigReader): number {
  const size = config.count('size');
  if (size % grid === 0) return size;
  const where = `${config.where}: size`;
  throw new EmbeddingError('CONFIG_INVALID', { where, expected: `a multiple of ${grid}`, got: size });
}

function positive(config: ConfigReader, field: string): number {
  const value = config.number(field);
  if (value > 0) return value;
  const where = `${config.where}: ${field}`;
  throw new EmbeddingError('CONFIG_INVALID', { where, expected: 'a number above 0', got: value });
}
