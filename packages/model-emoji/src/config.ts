import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError } from '@diptych/core';

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
 * @throws {EmbeddingError} `CONFIG_INVALID` for whatever is missing, unknown or no whole number.
 */
export async function readConfig(files: ModelFiles, signal?: AbortSignal): Promise<EmojiConfig | undefined> {
  const file = await files.open('config.json', signal);
  if (!file) return undefined;
  const { model_type: type, ...config } = JSON.parse(new TextDecoder().decode(await file.read(0, file.size, signal)));
  return type === modelType ? parseConfig(config, file.name) : undefined;
}

function parseConfig(config: unknown, where: string): EmojiConfig {
  const [dim, text, image] = only(config, ['dim', 'text', 'image'], where);
  const [buckets, width, hidden] = only(text, ['buckets', 'width', 'hidden'], `${where}: text`);
  const [size, stem, widths, blocks] = only(image, ['size', 'stem', 'widths', 'blocks'], `${where}: image`);
  return {
    dim: count(dim, `${where}: dim`),
    text: {
      buckets: count(buckets, `${where}: text.buckets`),
      width: count(width, `${where}: text.width`),
      hidden: count(hidden, `${where}: text.hidden`),
    },
    image: {
      size: count(size, `${where}: image.size`),
      stem: count(stem, `${where}: image.stem`),
      widths: counts(widths, `${where}: image.widths`),
      blocks: counts(blocks, `${where}: image.blocks`),
    },
  };
}

/** The values of exactly these keys. */
function only(value: unknown, keys: readonly string[], where: string): unknown[] {
  const found = typeof value === 'object' && value ? Object.keys(value) : [];
  if (found.length !== keys.length || !keys.every((key) => found.includes(key))) {
    throw new EmbeddingError('CONFIG_INVALID', `${where}: expected ${keys.join(', ')}, got ${found.join(', ')}`);
  }
  return keys.map((key) => (value as Record<string, unknown>)[key]);
}

function count(value: unknown, where: string): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new EmbeddingError('CONFIG_INVALID', `${where}: expected a whole number above 0, got ${JSON.stringify(value)}`);
}

function counts(value: unknown, where: string): number[] {
  return (Array.isArray(value) ? value : [value]).map((one) => count(one, where));
}
