import type { ModelFiles } from '@diptych/checkpoint';
import type { ImageBatch, Preprocessor } from '@diptych/core';
import { type Image, imageProcessor, parseImageProcessor } from '@diptych/preprocessing';
import { type Json, readJson } from '../model-json.ts';

/** The processor of `preprocessor_config.json`, or that of `fallback`, in the same terms, where there is none. */
export async function hfImageProcessor(
  files: ModelFiles,
  fallback: Json,
  signal?: AbortSignal,
): Promise<Preprocessor<Image, ImageBatch>> {
  return imageProcessor(parseImageProcessor((await readJson(files, 'preprocessor_config.json', signal)) ?? fallback));
}
