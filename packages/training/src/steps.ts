import { EmbeddingError } from '@diptych/core';
import type { CaptionSplit } from './caption-split.ts';
import { epochBatches } from './epoch-batches.ts';

/** What is known of a run before it begins. */
export interface Steps {
  /** Captions in a batch. */
  readonly size: number;
  /** Of all epochs. */
  readonly total: number;
  /** The epoch of a step, from 0. */
  readonly epochOf: (step: number) => number;
}

/** How batches are ordered, and in how many epochs. */
export interface StepsOptions {
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
  /** Batches to a step. Default 1. */
  readonly accumulate?: number;
  /** That no batch has one text twice. Default `false`. */
  readonly distinctTexts?: boolean;
}

/**
 * The steps that a run will make. Batches are full and of different images, so that how many an epoch has depends on its
 * order: an image with many captions may leave some over.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` where weights or equal texts leave no batch.
 */
export function stepsOf(
  split: CaptionSplit,
  { batchSize, epochs, seed, accumulate = 1, distinctTexts = false }: StepsOptions,
): Steps {
  const size = Math.min(batchSize, split.samples.length);
  const ends: number[] = [];
  let total = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    let batches = 0;
    for (const _ of epochBatches(split, { size, seed, epoch, distinctTexts })) batches++;
    total += Math.floor(batches / accumulate);
    ends.push(total);
  }
  if (total === 0 && (split.sets || distinctTexts)) {
    const where = distinctTexts ? 'distinctTexts' : 'weight';
    const expected = `${distinctTexts ? 'different ' : ''}captions of ${size} different images in an epoch`;
    throw new EmbeddingError('CONFIG_INVALID', { where, expected, got: 'fewer' });
  }
  return { size, total, epochOf: (step) => ends.findIndex((end) => step < end) };
}
