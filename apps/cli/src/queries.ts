import { stat } from 'node:fs/promises';
import { EmbeddingError, type Embeddings } from '@diptych/core';
import type { EmbeddingSpace, Modality } from 'diptych';

/** What to search for. */
export interface Query {
  /** The text, or the path of the image. */
  readonly name: string;
  readonly modality: Modality;
  /** `[1, dim]`. */
  readonly row: Embeddings;
}

/**
 * Refuses what was surely not meant, before any work.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` without a query or without images, and when a text is the name of a file, as
 *   it is after `--images *.jpg` without quotes.
 */
export async function requireQueries(
  texts: readonly string[],
  queryImages: readonly string[],
  images: readonly string[],
): Promise<void> {
  const refuse = (message: string) => {
    throw new EmbeddingError('INPUT_INVALID', `search: ${message}`);
  };
  if (images.length === 0) refuse('expected --images <folder>, got none');
  if (texts.length + queryImages.length === 0) refuse('expected a query, got none');
  for (const text of texts) {
    const isFile = await stat(text).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) refuse(`expected a text to search for, got the file ${text}; quote globs, or use --image <file>`);
  }
}

/** Queries in the order texts, then images. */
export async function embedQueries(
  space: EmbeddingSpace,
  texts: readonly string[],
  images: readonly string[],
  signal: AbortSignal,
): Promise<Query[]> {
  const queries: Query[] = [];
  for (const text of texts)
    queries.push({ name: text, modality: 'text', row: await space.embed('text', [text], { signal }) });
  for (const image of images)
    queries.push({ name: image, modality: 'image', row: await space.embed('image', [image], { signal }) });
  return queries;
}
