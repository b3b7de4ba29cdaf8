import type { Affinities } from './affinities.ts';
import { recipe } from './recipe.ts';
import { addTo, dot, meanOf } from './vectors.ts';

/** Of how many words of a vocabulary the norm of likenesses is set to one. */
const typical = 2000;

/**
 * What each word of a vocabulary says of each class, `[words][classes]`: likenesses and kinds, times how much a word says at
 * all, the logarithm of its rank. The first, which stands for no word, is the mean of the others.
 */
export function wordRows(affinities: Affinities, [, ...words]: readonly string[]): Float64Array[] {
  const likenesses = words.map((word) => levelled(affinities.likeness(word)));
  const norms = likenesses.slice(0, typical).map(norm);
  const usual = norms.toSorted((a, b) => a - b)[Math.floor(norms.length / 2)]!;
  const rows = words.map((word, i) => {
    const row = likenesses[i]!.map((value) => value / usual);
    addTo(row, affinities.kinds(word), recipe.hierarchy);
    const weight = Math.log(2 + affinities.vectors.rank(word)!);
    return row.map((value) => weight * value);
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
