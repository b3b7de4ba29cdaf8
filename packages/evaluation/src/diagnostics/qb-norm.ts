import { EmbeddingError } from '@diptych/core';
import { expectScores, type Scores } from '../scores.ts';
import { topK } from '../top-k.ts';
import { columnLogSums } from './column-log-sums.ts';

/** Scores to rank by, and what the bank found. */
export interface QbNorm extends Scores {
  /** Documents that are the best of some query of the bank, by index. */
  readonly activationSet: ReadonlySet<number>;
  /** Whether a query's best document is among them, and its scores are therefore normalised. */
  readonly normalised: readonly boolean[];
}

/**
 * Querybank normalisation with the dynamic inverted softmax, Bogolin et al. 2022 (arXiv:2112.12777): scores of a query
 * whose best document is a hub of the bank become `exp(beta s) / Σ exp(beta s of the bank)`; the others stay. Scores of
 * two queries are not comparable.
 *
 * @param bank Other queries, such as those of the training set, against the same documents.
 * @param beta Inverse temperature. Default 20, as in the paper.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the bank has other documents; `INPUT_INVALID` when a score is NaN.
 */
export function qbNorm(scores: Scores, bank: Scores, beta = 20): QbNorm {
  for (const given of [scores, bank]) expectScores(given);
  if (scores.shape[1] !== bank.shape[1]) {
    const got = `${scores.shape[1]} and ${bank.shape[1]}`;
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'qbNorm', expected: 'the same documents', got });
  }
  const activationSet = new Set(topK(bank, 1).map((found) => found[0]!));
  const normalised = topK(scores, 1).map((found) => activationSet.has(found[0]!));
  const logSums = columnLogSums(bank, beta);
  return {
    shape: scores.shape,
    activationSet,
    normalised,
    block(rows, columns) {
      const width = columns[1] - columns[0];
      return scores.block(rows, columns).map((score, i) => {
        if (!normalised[rows[0] + Math.floor(i / width)]) return score;
        return Math.exp(beta * score - logSums[columns[0] + (i % width)]!);
      });
    },
  };
}
