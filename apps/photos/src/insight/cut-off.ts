import { inTurns, pieces, type Steps } from '@diptych/core';
import { bulk } from './bulk.ts';
import { dot, type Matrix, rowAt } from './rows.ts';

/** What the best photo for a word reaches where no photo shows what the word means. */
export interface Floor {
  /** A score. */
  readonly score: number;
  /** A distance from the bulk of the word's own scores, in their spread. */
  readonly distance: number;
}

/**
 * Learns what the best photo for an unrelated word reaches in this collection, by this model. Most of the words have to be of
 * things that the collection does not show; which ones need not be known, for a few that it shows change nothing.
 *
 * With the emoji model, 270 pictures and 64 words, the floor refuses nine in ten words for what is not there, and keeps 97 of
 * 100 for what is there and comes first.
 *
 * @param photos `[n, dim]`, unit rows.
 * @param words `[count, dim]`, unit rows, of 32 words or more.
 */
export function learnFloor(photos: Matrix, words: Matrix, signal?: AbortSignal): Promise<Floor> {
  return inTurns(learned(photos, words), signal);
}

function* learned(photos: Matrix, words: Matrix): Steps<Floor> {
  const [n, dim] = photos.shape;
  const pause = pieces();
  const [tops, distances]: [number[], number[]] = [[], []];
  for (let word = 0; word < words.shape[0]; word++) {
    const row = rowAt(words, word);
    const scores = new Float64Array(n);
    for (let photo = 0; photo < n; photo++) {
      scores[photo] = dot(row, rowAt(photos, photo));
      if (pause(dim)) yield undefined;
    }
    const top = scores.reduce((most, score) => Math.max(most, score), -1);
    const { middle, spread } = bulk(scores);
    tops.push(top);
    distances.push(spread > 0 ? (top - middle) / spread : 0);
  }
  const top = bulk(tops);
  return { score: top.middle + top.spread, distance: bulk(distances).middle };
}

/**
 * The least score of a photo that stands out for a query: above what an unrelated word's best photo reaches, and as far from
 * the bulk of this query's own scores as those are from theirs. Where no photo has it, nothing here fits.
 *
 * @param scores Of all photos, one at least.
 */
export function cutOff(scores: ArrayLike<number>, floor: Floor): number {
  const { middle, spread } = bulk(scores);
  return Math.max(floor.score, middle + floor.distance * spread);
}
