import { EmbeddingError, type Embeddings, expectText } from '@diptych/core';
import { checkRows, checkSpace } from './check-rows.ts';
import { unitRows } from './unit-rows.ts';

/** What is looked for and what is not: phrases, each to be embedded by itself. */
export interface ParsedQuery {
  /** One phrase, or none. */
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
}

/** A phrase in quotes, which may have a sign and want its second quote, or a word. */
const part = /(-?)"([^"]*)"?|\S+/g;

/**
 * Words as a person types them: `beach -people`, `dog - red car`, `dog minus cat`, `sunset without "sea - calm" -boats`. A minus
 * at a word or a phrase in quotes takes that away; one by itself, `minus` and `without` take what follows, up to the next of
 * these. A hyphen in a word is a hyphen, and what is in quotes is taken as it stands.
 */
export function parseQuery(text: string): ParsedQuery {
  expectText(text, 'parseQuery');
  const wanted: string[] = [];
  const unwanted: string[][] = [];
  let phrase = wanted;
  for (const [word, sign, quoted] of text.matchAll(part)) {
    if (quoted !== undefined && sign === '') phrase.push(quoted);
    else if (/^(?:-|minus|without)$/i.test(word)) unwanted.push((phrase = []));
    else if (word.startsWith('-')) {
      unwanted.push([quoted ?? word.slice(1)]);
      phrase = wanted;
    } else phrase.push(word);
  }
  return { wanted: joined([wanted]), unwanted: joined(unwanted) };
}

function joined(phrases: readonly (readonly string[])[]): readonly string[] {
  return phrases.map((words) => words.join(' ').replaceAll('"', ' ').replaceAll(/\s+/g, ' ').trim()).filter(Boolean);
}

/** How much of what is not wanted is taken away: with all of it, little but noise would be left of words that are close. */
const weight = 0.5;

/** What float32 leaves of rows that cancel out. */
const rounding = 1e-6;

/**
 * The row to search by: the mean of what is wanted, less half the mean of what is not. Where nothing is wanted, what is unlike
 * the unwanted.
 *
 * @param wanted `[n, dim]`: rows of words, photos or both. Their length does not matter; there may be none.
 * @param unwanted `[n, dim]`, likewise.
 * @returns `[1, dim]`, of length 1.
 * @throws {EmbeddingError} `INPUT_INVALID` where nothing is left, and for rows of two models or malformed ones;
 *   `SHAPE_MISMATCH` for another dimension.
 */
export function queryRow(wanted: Embeddings, unwanted: Embeddings): Embeddings {
  checkRows('queryRow: wanted', wanted);
  const [, dim] = wanted.shape;
  checkSpace('queryRow: unwanted', unwanted, { dim, model: wanted.model });
  checkRows('queryRow: unwanted', unwanted);
  const sum = new Float64Array(dim);
  const add = (rows: Embeddings, factor: number) => {
    unitRows(rows).data.forEach((value, i) => (sum[i % dim]! += (factor * value) / rows.shape[0]));
  };
  add(wanted, 1);
  add(unwanted, -weight);
  const length = Math.hypot(...sum);
  if (!(length > rounding)) {
    const got = 'rows that cancel out, or none';
    throw new EmbeddingError('INPUT_INVALID', { where: 'queryRow', expected: 'something to search for', got });
  }
  return { ...wanted, data: Float32Array.from(sum, (value) => value / length), shape: [1, dim] };
}
