import type { TextBatch } from '@diptych/core';
import { wordWeights, type WordWeights } from '@diptych/preprocessing';
import type { Part } from './part.ts';

/** Lower-cased words without the marks between them, which tell no photos apart. */
export function plainWords(caption: string): string[] {
  return caption.toLowerCase().match(/[\p{L}\p{N}]+(?:'\p{L}+)?/gu) ?? [];
}

/** The words of at least four captions of a part, as in VSE++, and what they weigh; give it the training part alone. */
export function learnWords({ captions }: Pick<Part, 'captions'>): WordWeights {
  return wordWeights(captions.flat(), { split: plainWords });
}

/** The number of every word that was not learned; 0 is padding. */
export const unknown = 1;
/** That of the first learned word; the others follow in their order. */
export const firstWord = 2;

/** A caption to the numbers of its words, at least one. */
export function numbering({ words }: Pick<WordWeights, 'words'>): (caption: string) => Int32Array {
  const numbers = new Map(words.map((word, i) => [word, firstWord + i]));
  return (caption) => {
    const ids = Int32Array.from(plainWords(caption), (word) => numbers.get(word) ?? unknown);
    return ids.length > 0 ? ids : Int32Array.of(unknown);
  };
}

/** Rows of different length in one batch. */
export function padded(rows: readonly Int32Array[]): TextBatch {
  const length = rows.reduce((longest, row) => Math.max(longest, row.length), 0);
  const ids = new Int32Array(rows.length * length);
  const mask = new Int32Array(rows.length * length);
  rows.forEach((row, i) => {
    ids.set(row, i * length);
    mask.fill(1, i * length, i * length + row.length);
  });
  return { ids, mask, shape: [rows.length, length] };
}
