import { EmbeddingError, type ImageBatch, isObject, type Preprocessor } from '@diptych/core';
import type { Files } from '@diptych/files';
import { type Image, imageProcessor, parseImageProcessor } from '@diptych/preprocessing/image';
import { type Json, readJson } from '../model-json.ts';

/** What a model's own configuration says of its images. */
export interface ModelImages {
  /**
   * A processor in the terms of `preprocessor_config.json`, where there is no such file. Its `image_processor_type` is that of a
   * file which names none.
   */
  readonly fallback: Json;
  /** Longest side that the model takes, in pixels. Default what any image processor takes. */
  readonly largest?: number;
}

/**
 * The image processor of a model, from where transformers 5 takes it: `image_processor` in `processor_config.json`, else
 * `preprocessor_config.json`; that of `fallback`, in the same terms, where there is neither.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` where it makes larger images than the model takes.
 */
export async function hfImageProcessor(
  files: Files,
  { fallback, largest = Infinity }: ModelImages,
  signal?: AbortSignal,
): Promise<Preprocessor<Image, ImageBatch>> {
  const found = (await processorJson(files, signal)) ?? fallback;
  const config = parseImageProcessor(typed(found, fallback));
  const { crop, resize } = config;
  const made = crop ?? (resize?.mode === 'exact' ? resize : undefined);
  if (made && Math.max(made.width, made.height) > largest) {
    const got = `${made.width}x${made.height}`;
    throw new EmbeddingError('CONFIG_INVALID', {
      where: `${files.id}/preprocessor_config.json, crop_size and size`,
      expected: `images of at most ${largest} pixels a side for this model`,
      got,
    });
  }
  return imageProcessor(config);
}

/** What the model's files say of its image processor. */
export async function processorJson(files: Files, signal?: AbortSignal): Promise<Json | undefined> {
  return (await nestedProcessor(files, signal)) ?? readJson(files, 'preprocessor_config.json', signal);
}

function typed(found: Json, { image_processor_type: own }: Json): Json {
  const type = found['image_processor_type'] ?? found['feature_extractor_type'] ?? own;
  return type === undefined ? found : { ...found, image_processor_type: type };
}

async function nestedProcessor(files: Files, signal?: AbortSignal): Promise<Json | undefined> {
  const path = 'processor_config.json';
  const json = await readJson(files, path, signal);
  const nested = json?.['image_processor'];
  if (nested === undefined || nested === null) return undefined;
  if (isObject(nested)) return nested;
  const where = `${files.id}/${path}: image_processor`;
  throw new EmbeddingError('CONFIG_INVALID', { where, expected: 'an object', got: nested });
}
