import type { FeatureBatch } from '@diptych/core';
import { captionWords } from './caption-words.ts';
import type { SplitWords } from './vocabulary-tokenizer.ts';

/** What a word counts, of the texts it was learned from; plain JSON. */
export interface WordWeights {
  readonly words: readonly string[];
  /** Of each word, `1 + ln((1 + texts) / (1 + texts with the word))`. */
  readonly weights: readonly number[];
}

export interface WordWeightsOptions {
  /** Fewest texts that a word occurs in. Default 4. */
  readonly minCount?: number;
  /** Keeps the words that occur in most texts. Default: all. */
  readonly maxWords?: number;
  /** Default `captionWords`. */
  readonly split?: SplitWords;
}

/**
 * The smoothed inverse document frequencies of scikit-learn's `TfidfVectorizer`. Words of most texts come first, and those
 * of as many in the order in which they were met. Give the texts of the training split alone.
 */
export function wordWeights(texts: Iterable<string>, options: WordWeightsOptions = {}): WordWeights {
  const { minCount = 4, maxWords = Infinity, split = captionWords } = options;
  const counts = new Map<string, number>();
  let n = 0;
  for (const text of texts) {
    n++;
    for (const word of new Set(split(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const known = [...counts].filter(([, count]) => count >= minCount).toSorted(([, a], [, b]) => b - a);
  const kept = known.slice(0, maxWords);
  return {
    words: kept.map(([word]) => word),
    weights: kept.map(([, count]) => 1 + Math.log((1 + n) / (1 + count))),
  };
}

/**
 * Bags of words as features: how often each word occurs in a text, times its weight, scaled to length 1 as scikit-learn
 * does. A text without a known word is zero.
 *
 * @returns A preprocessor that answers at once with `[n, words]`.
 */
export function tfIdf(
  { words, weights }: WordWeights,
  split: SplitWords = captionWords,
): (texts: readonly string[]) => FeatureBatch {
  const columns = new Map(words.map((word, column) => [word, column]));
  return (texts) => {
    const values = new Float32Array(texts.length * words.length);
    for (const [row, text] of texts.entries()) {
      const found = split(text).flatMap((word) => columns.get(word) ?? []);
      const features = values.subarray(row * words.length, (row + 1) * words.length);
      for (const column of found) features[column]! += weights[column]!;
      const norm = Math.hypot(...Array.from(new Set(found), (column) => features[column]!));
      for (const column of new Set(found)) features[column]! /= norm;
    }
    return { values, shape: [texts.length, words.length] };
  };
}
