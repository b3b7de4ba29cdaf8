import { EmbeddingError, type JsonKind, parseJson } from '@diptych/core';
import type { LastStep, Signs, TrainingWarning } from './warnings.ts';

/** What one epoch did. */
export interface EpochRecord {
  /** From 0. */
  readonly epoch: number;
  /** Steps so far, in all epochs. */
  readonly steps: number;
  /** Mean over the epoch's steps. */
  readonly loss: number;
  /** Of its last step. */
  readonly learningRate: number;
  /** What `validate` gave; empty without it. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why it does not learn; absent where nothing is wrong. */
  readonly warnings?: readonly TrainingWarning[];
}

/** The epoch that scored highest, the first of equal ones. */
export interface Best {
  readonly epoch: number;
  readonly score: number;
}

/** How far a run is; plain JSON. */
export interface Progress {
  /** The next step's. */
  readonly epoch: number;
  /** The next step's place in its epoch: how many batches are done. */
  readonly batch: number;
  /** Number of the next step. */
  readonly step: number;
  /** Of the epoch's steps so far. */
  readonly lossSum: number;
  readonly learningRate: number;
  /** What the last step did. */
  readonly last?: LastStep;
  readonly signs?: Signs;
  readonly history: readonly EpochRecord[];
  readonly best?: Best;
}

export const start: Progress = { epoch: 0, batch: 0, step: 0, lossSum: 0, learningRate: 0, history: [] };

const where = 'training state';
/** With all metrics of 10,000 epochs. */
const progressJson: JsonKind = { code: 'CHECKPOINT_INVALID', maxBytes: 2 ** 25, maxValues: 2 ** 20 };

/** @throws {EmbeddingError} `CHECKPOINT_INVALID` when the text is not what `JSON.stringify` makes of progress. */
export function parseProgress(text: string | undefined): Progress {
  const found = parseJson(text ?? '', where, progressJson) as Partial<Progress> | null;
  const counts = [found?.epoch, found?.batch, found?.step];
  const sums = [found?.lossSum, found?.learningRate];
  if (counts.every(isCount) && sums.every(Number.isFinite) && Array.isArray(found?.history)) return found as Progress;
  throw new EmbeddingError('CHECKPOINT_INVALID', { where, expected: 'its progress', got: text?.slice(0, 80) });
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
