import { expectMembers } from '@diptych/core';
import type { EpochRecord } from '@diptych/alignment';

/** All that is known of an epoch, flat; epochs count from 1. */
export function epochFacts(record: EpochRecord): Readonly<Record<string, number>> {
  expectMembers(record, 'epochFacts', 'epoch', 'metrics');
  const { epoch, steps, loss, learningRate, metrics } = record;
  return { epoch: epoch + 1, steps, loss, learningRate, ...metrics };
}
