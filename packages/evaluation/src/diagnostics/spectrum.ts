import { EmbeddingError, expectMembers, inTurns, type Steps } from '@diptych/core';
import type { Rows } from '../rows.ts';
import type { SignalOption } from '../signal-option.ts';
import { principalAxes } from './principal-axes.ts';

export interface Spectrum {
  /** Of the centred rows, largest first. Below a ten-millionth of the largest they are noise. */
  readonly singularValues: Float64Array;
  /** Exponential of the entropy of the singular values, Roy & Vetterli 2007; from 1 to the dimension. */
  readonly effectiveRank: number;
  /** `(Σ λ)² / Σ λ²` of the variances `λ`; from 1 to the dimension. */
  readonly participationRatio: number;
  /** Share of the variance on each axis. */
  readonly explainedVariance: Float64Array;
}

/**
 * How many dimensions a space uses.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when all rows are equal or a value is not finite.
 */
export async function spectrum(rows: Rows, options: SignalOption = {}): Promise<Spectrum> {
  expectMembers(options, 'spectrum: options');
  return inTurns(spectrumSteps(rows), options.signal);
}

function* spectrumSteps(rows: Rows): Steps<Spectrum> {
  const { singularValues } = yield* principalAxes(rows, 'spectrum');
  const total = sum(singularValues);
  if (!(total > 0))
    throw new EmbeddingError('INPUT_INVALID', { where: 'spectrum', expected: 'rows that differ', got: 'equal ones' });
  const variances = singularValues.map((value) => value ** 2);
  const variance = sum(variances);
  const shares = singularValues.map((value) => value / total).filter((share) => share > 0);
  return {
    singularValues,
    effectiveRank: Math.exp(-sum(shares.map((share) => share * Math.log(share)))),
    participationRatio: variance ** 2 / sum(variances.map((value) => value ** 2)),
    explainedVariance: variances.map((value) => value / variance),
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
