import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError, type ImageBatch, type Preprocessor } from '@diptych/core';
import { type Image, imageProcessor, parseImageProcessor } from '@diptych/preprocessing/image';
import { isObject, type Json, readJson } from '../model-json.ts';

/**
 * The image processor of a model, from where transformers 5 takes it: `image_processor` in `processor_config.json`, else
 * `preprocessor_config.json`; that of `fallback`, in the same terms, where there is neither.
 */
export async function hfImageProcessor(
  files: ModelFiles,
  fallback: Json,
  signal?: AbortSignal,
): Promise<Preprocessor<Image, ImageBatch>> {
  const nested = await nestedProcessor(files, signal);
  const found = nested ?? (await readJson(files, 'preprocessor_config.json', signal)) ?? fallback;
  return imageProcessor(parseImageProcessor(found));
}

async function nestedProcessor(files: ModelFiles, signal?: AbortSignal): Promise<Json | undefined> {
  const path = 'processor_config.json';
  const json = await readJson(files, path, signal);
  const nested = json?.['image_processor'];
  if (nested === undefined || nested === null) return undefined;
  if (isObject(nested)) return nested;
  throw new EmbeddingError('CONFIG_INVALID', `${files.id}/${path}: image_processor: expected an object`);
}
