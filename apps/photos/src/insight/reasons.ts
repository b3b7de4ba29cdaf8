import { dot, type Matrix, rowAt } from './rows.ts';

/** Words and their unit rows, in the same order. */
export interface Vocabulary {
  readonly words: readonly string[];
  readonly rows: Matrix;
}

export interface Reason {
  readonly word: string;
  /** How much nearer the word is to this photo than to the collection: a difference of cosines. */
  readonly score: number;
}

export interface ReasonOptions {
  /** Mean of the collection's rows: a word that is near to all photos says nothing of one. */
  readonly mean: Float32Array;
  /** Row of what was looked for: then words count that are near to it too. */
  readonly query?: Float32Array | undefined;
  /** Default 5. */
  readonly count?: number;
}

/** Words that a photo is nearest to, the best first; none that is further from it than from the collection. */
export function reasons(
  photo: Float32Array,
  { words, rows }: Vocabulary,
  { mean, query, count = 5 }: ReasonOptions,
): readonly Reason[] {
  const own = photo.map((value, i) => value - mean[i]!);
  const found = words.map((word, i) => {
    const row = rowAt(rows, i);
    const score = dot(row, own);
    return { word, score, rank: query ? score * Math.max(0, dot(row, query)) : score };
  });
  return found
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, count)
    .map(({ word, score }) => ({ word, score }));
}
