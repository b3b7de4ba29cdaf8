import { dirname, resolve } from 'node:path';
import { EmbeddingError, type Json, type JsonKind, parseJsonObject } from '@diptych/core';
import { readFileBytes } from '@diptych/core/node';
import type { Modality } from 'diptych';

/** What another implementation made of some items. */
export interface Reference {
  readonly modality: Modality;
  /** Texts, or paths of images as the file has them. */
  readonly names: readonly string[];
  /** Texts, or paths of images from here. */
  readonly items: readonly string[];
  /** `[items][dim]`, of any length. */
  readonly embeds: readonly (readonly number[])[];
}

const fields = {
  text: { names: 'texts', embeds: 'text_embeds' },
  image: { names: 'images', embeds: 'image_embeds' },
} as const satisfies Record<Modality, object>;

/**
 * Reads a reference file: JSON with `texts` and `text_embeds`, `images` and `image_embeds`, or both pairs. Paths of
 * images are relative to it.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` where it is something else.
 */
export async function readReference(file: string): Promise<readonly Reference[]> {
  const json = await readJson(file);
  const references = (['text', 'image'] as const).flatMap((modality): Reference[] => {
    const { names, embeds } = fields[modality];
    if (json[names] === undefined && json[embeds] === undefined) return [];
    return [referenceOf(file, modality, { names: json[names], embeds: json[embeds] })];
  });
  if (references.length > 0) return references;
  throw invalid(file, 'texts with text_embeds or images with image_embeds', 'neither');
}

async function readJson(file: string): Promise<Json> {
  const bytes = await readFileBytes(file, referenceJson).catch((cause: Error) => {
    if (cause instanceof EmbeddingError) throw cause;
    throw new EmbeddingError('NOT_FOUND', { where: file, expected: 'a readable file', got: cause }, { cause });
  });
  return parseJsonObject(bytes, file, referenceJson);
}

/** A thousand embeddings of 4,096 numbers. */
const referenceJson: JsonKind = { code: 'INPUT_INVALID', maxBytes: 2 ** 27, maxValues: 2 ** 22, maxLong: Infinity };

function referenceOf(
  file: string,
  modality: Modality,
  { names, embeds }: { readonly names: unknown; readonly embeds: unknown },
): Reference {
  const label = fields[modality];
  const isStrings = Array.isArray(names) && names.every((name) => typeof name === 'string');
  if (!isStrings || names.length === 0) throw invalid(`${file}: ${label.names}`, 'a list of strings', names);
  if (!Array.isArray(embeds) || embeds.length !== names.length) {
    const got = Array.isArray(embeds) ? embeds.length : typeof embeds;
    throw invalid(`${file}: ${label.embeds}`, `${names.length} rows, one for each of ${label.names}`, got);
  }
  const dim = (embeds[0] as unknown[] | null)?.length;
  const isRow = (row: unknown) => Array.isArray(row) && row.length === dim && row.every((x) => Number.isFinite(x));
  const wrong = embeds.findIndex((row) => !isRow(row));
  if (wrong >= 0)
    throw invalid(`${file}: ${label.embeds}[${wrong}]`, 'numbers, as many as in every row', embeds[wrong]);
  const items = modality === 'image' ? names.map((path: string) => resolve(dirname(file), path)) : names;
  return { modality, names, items, embeds: embeds as number[][] };
}

function invalid(where: string, expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where, expected, got });
}
