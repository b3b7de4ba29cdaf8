import { textWords } from '../src/text-words.ts';
import type { Affinities } from './affinities.ts';
import type { ImageClass } from './image-classes.ts';
import { recipe } from './recipe.ts';
import { centred, unit } from './vectors.ts';

/**
 * How much each word of a vocabulary is in what WordNet says of each class: in its gloss and names, and in those of what it is a
 * kind of; Lesk 1986 the other way round. `[words][classes]`, each less its mean, of unit length, or zero.
 */
export async function wordsInGlosses(
  { classes, wordnet }: Affinities,
  vocabulary: readonly string[],
): Promise<Float64Array[]> {
  const idsOf = textWords(vocabulary);
  const found = vocabulary.map(() => new Float64Array(classes.length));
  for (const [at, one] of classes.entries()) {
    const texts = textsOf(one);
    const { ids, shape } = await idsOf(texts.map(([text]) => text));
    // Padding is the first entry, which stands for no word.
    ids.forEach((id, i) => (found[id]![at]! += id > 0 ? texts[Math.floor(i / shape[1])]![1] : 0));
  }
  return found.map((row) => unit(centred(row.map((value) => Math.log1p(value)))));

  function textsOf({ synset }: ImageClass): (readonly [text: string, weight: number])[] {
    const near = [...wordnet.ancestors(synset.offset)].filter(([, steps]) => steps <= recipe.glossSteps);
    return near.flatMap(([offset, steps]) => {
      const { gloss, lemmas } = wordnet.synsets.get(offset)!;
      const weight = recipe.glossDecay ** steps;
      return [[gloss, weight] as const, ...lemmas.map((name) => [name, recipe.glossName * weight] as const)];
    });
  }
}
