import { expectMembers, inTurns } from '@diptych/core';
import type { Scores } from '../scores.ts';
import type { SignalOption } from '../signal-option.ts';
import { columnLogSums } from './column-log-sums.ts';

/**
 * Inverted softmax, Smith et al. 2017 (arXiv:1702.03859): each document's scores as probabilities over the queries, so
 * that a hub has little left for any one of them.
 *
 * @param beta Inverse temperature.
 * @throws {EmbeddingError} `INPUT_INVALID` when a score is NaN.
 */
export async function invertedSoftmax(scores: Scores, beta: number, options: SignalOption = {}): Promise<Scores> {
  expectMembers(options, 'invertedSoftmax: options');
  const logSums = await inTurns(columnLogSums(scores, beta), options.signal);
  return {
    shape: scores.shape,
    block(rows, columns) {
      const width = columns[1] - columns[0];
      const block = scores.block(rows, columns);
      return block.map((score, i) => Math.exp(beta * score - logSums[columns[0] + (i % width)]!));
    },
  };
}
