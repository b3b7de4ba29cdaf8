import type { Affinities } from './affinities.ts';
import { recipe } from './recipe.ts';
import { colourRow } from './colour-words.ts';
import { wordsInGlosses } from './gloss-words.ts';
import { addTo, dot, meanOf } from './vectors.ts';

/** Of how many words of a vocabulary the norm of likenesses is set to one. */
const typical = 2000;

/**
 * What each word of a vocabulary says of each class and of each area's colours, `[words][classes + areas * colours]`. Of
 * classes: likenesses, kinds and glosses, times how much a word says at all, the logarithm of its rank. The first, which stands
 * for no word, is the mean of the others.
 */
export async function wordRows(affinities: Affinities, vocabulary: readonly string[]): Promise<Float64Array[]> {
  const [, ...words] = vocabulary;
  const [, ...glosses] = await wordsInGlosses(affinities, vocabulary);
  const likenesses = words.map((word) => levelled(affinities.likeness(word)));
  const norms = likenesses.slice(0, typical).map(norm);
  const usual = norms.toSorted((a, b) => a - b)[Math.floor(norms.length / 2)]!;
  const rows = words.map((word, i) => {
    const row = likenesses[i]!.map((value) => value / usual);
    addTo(row, affinities.kinds(word), recipe.hierarchy);
    addTo(row, glosses[i]!, recipe.glosses);
    const weight = Math.log(2 + affinities.vectors.rank(word)!);
    const colours = colourRow(word).map((value) => recipe.colour * value);
    return Float64Array.of(...row.map((value) => weight * value), ...colours);
  });
  return [meanOf(rows), ...rows];
}

function levelled(row: Float64Array): Float64Array {
  const divisor = norm(row) ** recipe.levelling;
  return row.map((value) => value / divisor);
}

function norm(row: Float64Array): number {
  return Math.sqrt(dot(row, row));
}
