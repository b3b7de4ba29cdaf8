import { expectTexts, type Preprocessor, type TextBatch } from '@diptych/core';

/** Features of one text that count at most; a name has some 60. */
const mostFeatures = 512;
const [shortest, longest] = [2, 4];

/**
 * Texts as bags of hashed features, padded with zeros: every word, and every run of two to four characters of a word
 * between its marks, as in Bojanowski et al. 2017, arXiv:1607.04606. Nothing to learn, so any script will do; symbols
 * are words of their own.
 *
 * @param buckets Ids are below it.
 * @returns What throws `INPUT_INVALID` for a text that is no string.
 */
export function textFeatures(buckets: number): Preprocessor<string, TextBatch> {
  return (texts) => {
    expectTexts(texts, 'texts');
    const features = texts.map((text) => featuresOf(text, buckets));
    const length = Math.max(1, ...features.map((ids) => Math.min(ids.length, mostFeatures)));
    const cut = Uint8Array.from(features, (ids) => Number(ids.length > mostFeatures));
    const [ids, mask] = [new Int32Array(texts.length * length), new Int32Array(texts.length * length)];
    features.forEach((all, i) => {
      const found = all.slice(0, mostFeatures);
      ids.set(found, i * length);
      mask.fill(1, i * length, i * length + found.length);
    });
    return { ids, mask, ...(cut.includes(1) && { cut }), shape: [texts.length, length] };
  };
}

function featuresOf(text: string, buckets: number): number[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+|\S/gu) ?? [];
  return words
    .flatMap(runsOf)
    .slice(0, mostFeatures + 1)
    .map((feature) => hash(feature) % buckets);
}

/** The word, then what is shorter than it. */
function runsOf(word: string): string[] {
  const characters = Array.from(`<${word}>`);
  const runs = [`<${word}>`];
  for (let size = shortest; size <= Math.min(longest, characters.length - 1); size++) {
    for (let from = 0; from + size <= characters.length; from++)
      runs.push(characters.slice(from, from + size).join(''));
  }
  return runs;
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}
