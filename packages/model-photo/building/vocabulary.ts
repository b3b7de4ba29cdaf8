import type { Affinities } from './affinities.ts';
import { recipe } from './recipe.ts';
import { stopWords } from './stop-words.ts';
import type { Synset } from './wordnet.ts';

/** What stands for a text of which no word is known. */
const unknownWord = '[unknown]';

/**
 * `unknownWord`; words and pairs of words that name classes or what these are kinds of; then words, the most frequent first:
 * all frequent ones, and of the others those that may mean something that can be touched and is nobody.
 */
export function vocabularyOf(affinities: Affinities, size: number): string[] {
  const { wordnet, vectors } = affinities;
  const [physical] = wordnet.senses('physical entity');
  const [person] = wordnet.senses('person');
  const isThing = (offset: number) => {
    const kinds = wordnet.ancestors(offset);
    return kinds.has(physical!) && !kinds.has(person!);
  };
  const nameable = (word: string) =>
    wordnet
      .senses(wordnet.lemma(word) ?? '')
      .slice(0, 2)
      .some(isThing);
  const names = [...affinities.meanings]
    .flatMap((offset) => everydayNames(wordnet.synsets.get(offset)!))
    .filter((name) => /^[a-z]{2,}(?: [a-z]+)?$/.test(name) && vectors.rank(name) !== undefined);
  const words = vectors.words
    .slice(0, recipe.nameableWords)
    .filter((word) => /^[a-z]{2,}$/.test(word) && !stopWords.has(word))
    .filter((word) => vectors.rank(word)! < recipe.generalWords || nameable(word));
  const all = [...new Set([unknownWord, ...names.toSorted(), ...words])];
  const known = new Set(all);
  // What `textWords` brings back to another word of the vocabulary needs no row.
  return all.filter((word) => word.includes(' ') || !isForm(word)).slice(0, size);

  function isForm(word: string): boolean {
    const lemma = wordnet.lemma(word);
    return lemma !== undefined && lemma !== word && known.has(lemma);
  }
}

/** Those in lower case, and the first, which of an animal or a plant is not the Latin one. */
function everydayNames({ lemmas }: Synset): string[] {
  return lemmas.filter((lemma, i) => i === 0 || lemma === lemma.toLowerCase()).map((lemma) => lemma.toLowerCase());
}
