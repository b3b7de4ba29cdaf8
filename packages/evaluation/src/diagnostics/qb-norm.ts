import { EmbeddingError, expectMembers, inTurns, type Steps } from '@diptych/core';
import { expectScores, type Scores } from '../scores.ts';
import type { SignalOption } from '../signal-option.ts';
import { topKSteps } from '../top-k.ts';
import { columnLogSums } from './column-log-sums.ts';

export interface QbNormOptions extends SignalOption {
  /** Inverse temperature. Default 20, as in the paper. */
  readonly beta?: number;
}

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
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the bank has other documents; `INPUT_INVALID` when a score is NaN.
 */
export async function qbNorm(scores: Scores, bank: Scores, options: QbNormOptions = {}): Promise<QbNorm> {
  expectMembers(options, 'qbNorm: options');
  return inTurns(qbNormSteps(scores, bank, options.beta ?? 20), options.signal);
}

function* qbNormSteps(scores: Scores, bank: Scores, beta: number): Steps<QbNorm> {
  for (const given of [scores, bank]) expectScores(given);
  if (scores.shape[1] !== bank.shape[1]) {
    const got = `${scores.shape[1]} and ${bank.shape[1]}`;
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'qbNorm', expected: 'the same documents', got });
  }
  const activationSet = new Set((yield* topKSteps(bank, 1)).map((found) => found[0]!));
  const normalised = (yield* topKSteps(scores, 1)).map((found) => activationSet.has(found[0]!));
  const logSums = yield* columnLogSums(bank, beta);
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
