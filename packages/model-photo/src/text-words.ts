import { expectTexts, type Preprocessor, type TextBatch } from '@diptych/core';
import { baseForms } from './base-forms.ts';

/** Words of one text that count at most. */
const mostWords = 512;

/** Stands for a text of which no word is known. */
const unknown = 0;

/** Words in lower case without accents, in order. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/['’]s\b/g, '')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/**
 * Texts as the words of a vocabulary, each once, padded with zeros. Two words that it has together, `polar bear`, are one; of
 * any other that it does not have, the dictionary's form is looked for. What is not found is left out, as are `the` and `of`,
 * which it does not have; a text that has nothing left is the first entry.
 *
 * @param vocabulary Ids are places in it.
 * @returns What throws `INPUT_INVALID` for a text that is no string.
 */
export function textWords(vocabulary: readonly string[]): Preprocessor<string, TextBatch> {
  const places = new Map(vocabulary.map((word, place) => [word, place]));
  const placeOf = (word: string) =>
    baseForms(word)
      .map((form) => places.get(form))
      .find((place) => place !== undefined);
  return (texts) => {
    expectTexts(texts, 'texts');
    const found = texts.map((text) => idsOf(wordsOf(text)));
    const length = Math.max(1, ...found.map(({ ids }) => ids.length));
    const cut = Uint8Array.from(found, ({ isCut }) => Number(isCut));
    const [ids, mask] = [new Int32Array(texts.length * length), new Int32Array(texts.length * length)];
    found.forEach(({ ids: own }, i) => {
      ids.set(own, i * length);
      mask.fill(1, i * length, i * length + own.length);
    });
    return { ids, mask, ...(cut.includes(1) && { cut }), shape: [texts.length, length] };
  };

  function idsOf(words: readonly string[]): { readonly ids: readonly number[]; readonly isCut: boolean } {
    const ids = new Set<number>();
    let at = 0;
    for (; at < words.length && ids.size < mostWords; at++) {
      const pair = at + 1 < words.length ? placeOf(`${words[at]} ${words[at + 1]}`) : undefined;
      const place = pair ?? placeOf(words[at]!);
      if (place !== undefined) ids.add(place);
      if (pair !== undefined) at++;
    }
    return { ids: ids.size > 0 ? [...ids] : [unknown], isCut: at < words.length };
  }
}
