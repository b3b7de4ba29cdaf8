import { stat } from 'node:fs/promises';
import { EmbeddingError, type Embeddings } from '@diptych/core';
import { parseQuery, queryRow } from '@diptych/retrieval';
import type { EmbeddingSpace, Modality } from 'diptych';

/** What to search for. */
export interface Query {
  /** The text, the path of the image, or both. */
  readonly name: string;
  /** `text` where words are a part of it. */
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

/**
 * One query for each text and each image; where both are given, for each text with each image. A text may say what is not wanted:
 * `beach - people`.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` where nothing is left to search for; `UNSUPPORTED` where a model compares by order, and
 *   a query is made of several.
 */
export async function embedQueries(
  space: EmbeddingSpace,
  texts: readonly string[],
  images: readonly string[],
  signal: AbortSignal,
): Promise<Query[]> {
  const queries: Query[] = [];
  for (const text of texts.length > 0 ? texts : [undefined]) {
    for (const image of images.length > 0 ? images : [undefined])
      queries.push(await embedQuery(space, text, image, signal));
  }
  return queries;
}

async function embedQuery(
  space: EmbeddingSpace,
  text: string | undefined,
  image: string | undefined,
  signal: AbortSignal,
): Promise<Query> {
  const name = [image, text].filter((part) => part !== undefined).join(' + ');
  const modality: Modality = text === undefined ? 'image' : 'text';
  const { wanted, unwanted } = parseQuery(text ?? '');
  const wantedRows = sideBySide([
    await rowsOf(space, 'text', wanted, signal),
    await rowsOf(space, 'image', image === undefined ? [] : [image], signal),
  ]);
  if (unwanted.length === 0 && wantedRows.shape[0] === 1) return { name, modality, row: wantedRows };
  if (space.similarityFunction === 'order') {
    const problem = { where: name, expected: 'one text or image, for a model that compares by order', got: 'several' };
    throw new EmbeddingError('UNSUPPORTED', problem);
  }
  const row = queryRow(wantedRows, await rowsOf(space, 'text', unwanted, signal));
  return { name, modality, row };
}

/** `embed`, but that a model of one modality is not asked for none of the other. */
export async function rowsOf(
  space: EmbeddingSpace,
  modality: Modality,
  items: readonly string[],
  signal: AbortSignal,
): Promise<Embeddings> {
  if (items.length > 0) return space.embed(modality, items, { signal });
  return { data: new Float32Array(0), shape: [0, space.dim], model: space.id, precision: 'float32' };
}

/** All rows of one space one after the other. */
export function sideBySide(parts: readonly Embeddings[]): Embeddings {
  const [first] = parts;
  const rows = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  const dim = first!.shape[1];
  const data = new Float32Array(rows * dim);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { ...first!, data, shape: [rows, dim] };
}
