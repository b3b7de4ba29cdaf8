import type { Vocabulary } from './tokenizer-files.ts';

const utf8 = new TextEncoder();

/** Ids `<0x00>` … of the UTF-8 bytes of a text; `undefined` when the vocabulary lacks one of them. */
export function byteFallback(text: string, vocabulary: Vocabulary): number[] | undefined {
  const ids: number[] = [];
  for (const byte of utf8.encode(text)) {
    const id = vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    if (id === undefined) return undefined;
    ids.push(id);
  }
  return ids;
}
