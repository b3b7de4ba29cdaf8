import { EmbeddingError } from '@diptych/core';
import { hits, type Ranking, relevantCount } from './ranking.ts';

/**
 * Highest precision at any rank that has found the given share of the relevant documents, as trec_eval's
 * `iprec_at_recall`; 0 where that share is never found. The mean over shares 0, 0.1, …, 1 is its `11pt_avg`.
 *
 * @param recall In `[0, 1]`; what it makes of the relevant documents is rounded, as there.
 * @throws {EmbeddingError} `INPUT_INVALID` for another recall, or without a relevant document.
 */
export function interpolatedPrecision(ranking: Ranking, recall: number): number {
  if (!(recall >= 0 && recall <= 1)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'interpolatedPrecision',
      expected: 'a recall in [0, 1]',
      got: recall,
    });
  }
  const needed = Math.floor(recall * relevantCount(ranking) + 0.5);
  let found = 0;
  let best = 0;
  for (const [i, hit] of hits(ranking, Infinity).entries()) {
    found += hit;
    if (found >= needed) best = Math.max(best, found / (i + 1));
  }
  return best;
}
