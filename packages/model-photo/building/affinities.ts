import { atOnce } from '@diptych/core';
import { symmetricEigen } from '@diptych/core/eigen';
import type { ImageClass } from './image-classes.ts';
import { recipe } from './recipe.ts';
import { addTo, centred, dot, gram, meanOf, unit } from './vectors.ts';
import type { WordNet } from './wordnet.ts';
import { WordVectors } from './word-vectors.ts';

/** Vectors of one kind of text about each class, and their mean. */
interface Part {
  readonly weight: number;
  readonly mean: Float64Array;
  /** Less the mean, without common directions, of unit length. */
  readonly rows: readonly Float64Array[];
}

/** How much words have to do with each class. */
export class Affinities {
  readonly #common: readonly Float64Array[];
  readonly #parts: readonly Part[];
  readonly #under = new Map<number, number[]>();

  readonly classes: readonly ImageClass[];
  readonly vectors: WordVectors;
  readonly wordnet: WordNet;

  constructor(classes: readonly ImageClass[], vectors: WordVectors, wordnet: WordNet) {
    this.classes = classes;
    this.vectors = vectors;
    this.wordnet = wordnet;
    this.#common = commonDirections(vectors);
    const { names, gloss, hypernyms } = recipe.parts;
    this.#parts = [
      this.#part(names, ({ name }) => vectors.ofText(name)),
      this.#part(gloss, ({ synset }) => vectors.ofText(synset.gloss)),
      this.#part(hypernyms, (one) => this.#hypernyms(one)),
    ];
    classes.forEach(({ synset }, i) => {
      for (const [offset] of wordnet.ancestors(synset.offset)) {
        this.#under.set(offset, [...(this.#under.get(offset) ?? []), i]);
      }
    });
  }

  /** Meanings of classes and what these are kinds of. */
  get meanings(): Iterable<number> {
    return this.#under.keys();
  }

  /** By word vectors: `exp` of the cosines with what is said of a class, less their mean. */
  likeness(word: string): Float64Array {
    const own = this.vectors.of(word);
    const lemma = this.wordnet.lemma(word);
    if (lemma !== undefined) addTo(own, this.vectors.ofText(this.#first(lemma)), recipe.gloss);
    const vector = unit(own);
    const sums = new Float64Array(this.classes.length);
    for (const { weight, mean, rows } of this.#parts) {
      const given = this.#cleaned(vector, mean);
      rows.forEach((row, i) => (sums[i]! += weight * Math.exp(recipe.sharpness * dot(given, row))));
    }
    return centred(sums);
  }

  /** By WordNet: the classes that are kinds of what the word means, less their mean. */
  kinds(word: string): Float64Array {
    const found = new Float64Array(this.classes.length);
    const senses = this.wordnet.senses(this.wordnet.lemma(word) ?? '').slice(0, recipe.senses);
    senses.forEach((offset, sense) => {
      const under = this.#under.get(offset) ?? [];
      if (under.length > recipe.mostClasses) return;
      for (const i of under) found[i]! += recipe.senseDecay ** sense / Math.sqrt(under.length);
    });
    return centred(found);
  }

  #first(lemma: string): string {
    return this.wordnet.synsets.get(this.wordnet.senses(lemma)[0]!)!.gloss;
  }

  #hypernyms({ synset }: ImageClass): Float64Array {
    const sum = new Float64Array(this.vectors.length);
    for (const [offset, steps] of this.wordnet.ancestors(synset.offset)) {
      if (steps < 1 || steps > recipe.hypernymSteps) continue;
      const { lemmas } = this.wordnet.synsets.get(offset)!;
      addTo(sum, this.vectors.ofText(lemmas.join(' ')), recipe.hypernymDecay ** (steps - 1));
    }
    return unit(sum);
  }

  #part(weight: number, vectorOf: (one: ImageClass) => Float64Array): Part {
    const rows = this.classes.map(vectorOf);
    const mean = meanOf(rows);
    return { weight, mean, rows: rows.map((row) => this.#cleaned(row, mean)) };
  }

  #cleaned(vector: Float64Array, mean: Float64Array): Float64Array {
    const less = vector.slice();
    addTo(less, mean, -1);
    return unit(WordVectors.without(less, this.#common));
  }
}

/** Principal directions of the most frequent words, of unit length. */
function commonDirections(vectors: WordVectors): Float64Array[] {
  const rows = vectors.words.slice(0, recipe.commonWords).map((word) => vectors.of(word));
  const mean = meanOf(rows);
  for (const row of rows) addTo(row, mean, -1);
  const n = vectors.length;
  const { vectors: found } = atOnce(symmetricEigen({ data: gram(rows), shape: [n, n] }));
  return Array.from({ length: recipe.commonDirections }, (_, k) =>
    Float64Array.from({ length: n }, (__, i) => found.data[i * n + k]!),
  );
}
