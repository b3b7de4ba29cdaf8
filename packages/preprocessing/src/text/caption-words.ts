import { EmbeddingError, quote } from '@diptych/core';
/** Where a word ends: a mark or a suffix that is a word of its own. */
const mark = [
  String.raw`\.{2,}|--|${'``'}|''`,
  String.raw`(?:n't|'(?:s|m|d|re|ve|ll))(?![\p{L}\p{N}])`,
  String.raw`[;@#$%&?!*()[\]{}<>«»“”‘’„]`,
  String.raw`[,:](?!\d)`,
  String.raw`\.(?=[)\]}>'»”’]*(?:\s|$))`,
  String.raw`'(?=\s|$)`,
].join('|');
const words = new RegExp(String.raw`${mark}|(?:(?!${mark})\S)+`, 'gu');

/**
 * Lower-cased words of a caption, as NLTK's `word_tokenize` cuts plain English: marks stand alone, so do `n't`, `'s`,
 * `'re`, `'ve`, `'ll`, `'d`, `'m`; numbers, hyphens and inner full stops stay; `"` becomes two grave accents, or two
 * apostrophes where it closes.
 *
 * Unlike NLTK: a full stop behind an abbreviation stands alone too, and `cannot`, `gonna`, `'tis` and their like are one
 * word.
 */
export function captionWords(caption: string): string[] {
  if (typeof caption !== 'string')
    throw new EmbeddingError('INPUT_INVALID', { where: 'caption', expected: 'a string', got: quote(caption) });
  const quoted = caption
    .toLowerCase()
    .replace(/(^|[\s([{<])"/g, '$1 `` ')
    .replaceAll('"', " '' ");
  return quoted.match(words) ?? [];
}
