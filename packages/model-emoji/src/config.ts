import { type ConfigReader, EmbeddingError, mostLayers } from '@diptych/core';
import { familyConfig, type Files } from '@diptych/files';

/** What `config.json` says. */
export interface EmojiConfig {
  /** Length of an embedding. */
  readonly dim: number;
  readonly text: TextConfig;
  readonly image: ImageConfig;
}

export interface TextConfig {
  /** Rows of the table of features. */
  readonly buckets: number;
  readonly width: number;
  readonly hidden: number;
}

export interface ImageConfig {
  /** Side of the square input, in pixels. */
  readonly size: number;
  /** Channels behind the stem, at half the size. */
  readonly stem: number;
  /** Channels of each stage; the first is at a quarter of the size, each next at half of the one before. */
  readonly widths: readonly number[];
  /** Residual blocks of each stage. */
  readonly blocks: readonly number[];
}

/** Names this family in `config.json`. */
export const modelType = 'diptych_emoji';

/**
 * The configuration, or `undefined` where it is another family's.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` with the field for whatever is missing, unknown or no whole number, and for
 *   what is no JSON object.
 */
export async function readConfig(files: Files, signal?: AbortSignal): Promise<EmojiConfig | undefined> {
  const config = await familyConfig(files, modelType, signal);
  return config && parseConfig(config);
}

function parseConfig(config: ConfigReader): EmojiConfig {
  config.only('model_type', 'dim', 'text', 'image');
  const [text, image] = [config.object('text'), config.object('image')];
  text.only('buckets', 'width', 'hidden');
  image.only('size', 'stem', 'widths', 'blocks');
  return {
    dim: config.count('dim'),
    text: { buckets: text.count('buckets'), width: text.count('width'), hidden: text.count('hidden') },
    image: { size: image.count('size'), stem: image.count('stem'), ...stages(image) },
  };
}

function stages(image: ConfigReader): Pick<ImageConfig, 'widths' | 'blocks'> {
  const [widths, blocks] = [image.counts('widths'), image.counts('blocks', mostLayers)];
  const refuse = (field: string, expected: string, got: unknown) =>
    new EmbeddingError('CONFIG_INVALID', { where: `${image.where}: ${field}`, expected, got });
  if (widths.length === 0) throw refuse('widths', 'at least one stage', 'none');
  if (blocks.length !== widths.length) {
    throw refuse('blocks', `one number for each of ${widths.length} stages`, blocks.length);
  }
  const multiple = 2 ** (widths.length + 1);
  const size = image.count('size');
  if (size % multiple === 0) return { widths, blocks };
  throw refuse('size', `a multiple of ${multiple}, which ${widths.length} stages halve`, size);
}
