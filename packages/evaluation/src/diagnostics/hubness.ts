import { expectMembers, inTurns, type Steps } from '@diptych/core';
import { mean } from '../metrics.ts';
import { expectScores, type Scores } from '../scores.ts';
import type { SignalOption } from '../signal-option.ts';
import { topKSteps } from '../top-k.ts';

export interface Hubness {
  /** For each document, in how many queries' `k` best it is. */
  readonly occurrence: Int32Array;
  /** Of the occurrences, population moments; far above 0 where a few documents are near everything. */
  readonly skewness: number;
  readonly max: number;
  /** Share of the documents that no query finds. */
  readonly antihubs: number;
  /** Share of the occurrences that would have to move for all documents to have as many; the Hoover index. */
  readonly robinHood: number;
}

/**
 * How unevenly documents are found, Radovanović et al. 2010.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when `k < 1` or a score is NaN.
 */
export async function hubness(scores: Scores, k: number, options: SignalOption = {}): Promise<Hubness> {
  expectMembers(options, 'hubness: options');
  return inTurns(hubnessSteps(scores, k), options.signal);
}

function* hubnessSteps(scores: Scores, k: number): Steps<Hubness> {
  expectScores(scores);
  const occurrence = new Int32Array(scores.shape[1]);
  for (const found of yield* topKSteps(scores, k)) for (const document of found) occurrence[document]!++;
  const average = mean(occurrence);
  const moment = (power: number) => mean(Float64Array.from(occurrence, (count) => (count - average) ** power));
  const variance = moment(2);
  return {
    occurrence,
    skewness: variance > 0 ? moment(3) / variance ** 1.5 : 0,
    max: occurrence.reduce((most, count) => Math.max(most, count)),
    antihubs: mean(occurrence.map((count) => (count === 0 ? 1 : 0))),
    robinHood: mean(Float64Array.from(occurrence, (count) => Math.abs(count - average))) / (2 * average),
  };
}
