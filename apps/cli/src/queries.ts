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
  const refuse = (expected: string, got = 'none') => {
    throw new EmbeddingError('INPUT_INVALID', { where: 'search', expected, got });
  };
  if (images.length === 0) refuse('--images <folder>');
  if (texts.length + queryImages.length === 0) refuse('a query');
  for (const text of texts) {
    const isFile = await stat(text).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) refuse('a text to search for', `the file ${text}; quote globs, or use --image <file>`);
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
