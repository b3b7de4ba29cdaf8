import { stat } from 'node:fs/promises';
import { EmbeddingError, type Embeddings } from '@diptych/core';
import { parseQuery, queryRow } from '@diptych/retrieval';
import type { FileKind, Searched } from './file-kinds.ts';
import type { Modality, Space } from './space.ts';

/** What to search for. */
export interface Query {
  /** The text, the path of the file, or both. */
  readonly name: string;
  /** `text` where words are a part of it. */
  readonly modality: Modality;
  /** `[1, dim]`. */
  readonly row: Embeddings;
}

/**
 * Refuses what was surely not meant, before any work.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` without a query or without files to search, and when a text is the name of a file, as
 *   it is after `--images *.jpg` without quotes.
 */
export async function requireQueries(
  texts: readonly string[],
  files: readonly string[],
  { kind, operands }: Searched,
): Promise<void> {
  const refuse = (expected: string, got = 'none') => {
    throw new EmbeddingError('INPUT_INVALID', { where: 'search', expected, got });
  };
  if (operands.length === 0) refuse('--images <folder> or --sounds <folder>');
  if (texts.length + files.length === 0) refuse('a query');
  for (const text of texts) {
    const isFile = await stat(text).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) refuse('a text to search for', `the file ${text}; quote globs, or use --${kind.singular} <file>`);
  }
}

/** What to search for, in texts and in files of one kind. */
export interface Asked {
  readonly texts: readonly string[];
  readonly files: readonly string[];
  readonly kind: FileKind;
}

/**
 * One query for each text and each file; where both are given, for each text with each file. A text may say what is not wanted:
 * `beach - people`.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` where nothing is left to search for; `UNSUPPORTED` where a model compares by order, and
 *   a query is made of several.
 */
export async function embedQueries(space: Space, { texts, files, kind }: Asked, signal: AbortSignal): Promise<Query[]> {
  const queries: Query[] = [];
  for (const text of texts.length > 0 ? texts : [undefined]) {
    for (const file of files.length > 0 ? files : [undefined])
      queries.push(await embedQuery(space, { text, file, kind }, signal));
  }
  return queries;
}

async function embedQuery(
  space: Space,
  asked: { readonly text: string | undefined; readonly file: string | undefined; readonly kind: FileKind },
  signal: AbortSignal,
): Promise<Query> {
  const { text, file, kind } = asked;
  const name = [file, text].filter((part) => part !== undefined).join(' + ');
  const modality: Modality = text === undefined ? kind.modality : 'text';
  const { wanted, unwanted } = parseQuery(text ?? '');
  const wantedRows = sideBySide([
    await rowsOf(space, 'text', wanted, signal),
    await rowsOf(space, kind.modality, file === undefined ? [] : [file], signal),
  ]);
  if (unwanted.length === 0 && wantedRows.shape[0] === 1) return { name, modality, row: wantedRows };
  if (space.similarityFunction === 'order') {
    const problem = {
      where: name,
      expected: `one text or ${kind.singular}, for a model that compares by order`,
      got: 'several',
    };
    throw new EmbeddingError('UNSUPPORTED', problem);
  }
  const row = queryRow(wantedRows, await rowsOf(space, 'text', unwanted, signal));
  return { name, modality, row };
}

/** `embed`, but that a model of one modality is not asked for none of the other. */
export async function rowsOf(
  space: Space,
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
