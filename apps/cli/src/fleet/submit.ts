import { shardsOf, submit } from '@diptych/fleet';
import type { FleetSubmitOptions } from '../commands/fleet-submit.ts';
import { type Io, write } from '../io.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport } from '../report.ts';
import { fleetData } from './fleet-data.ts';
import { openIdentified } from './open-identified.ts';
import { openJob } from './open-job.ts';

/** @returns How many rows of the data are no images. */
export async function fleetSubmit(operands: readonly string[], options: FleetSubmitOptions, io: Io): Promise<number> {
  const { precision, shardSize, replicas, ackWait } = options;
  const { signal } = io;
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  await using fleet = await openJob(options, io, progress);
  const { space, model } = await openIdentified(options, io, progress);
  space.dispose();
  const { data, paths } = await fleetData(operands, io, onFailure);
  const shards = shardsOf(data, paths, { shardSize, signal, onSkip: (problem) => onFailure(problem.where, problem) });
  const bar = progress.start('submitting');
  const onProgress = (_: number, items: number) => bar.update(items);
  try {
    const { items, ...rest } = await submit(fleet, { data, model, precision }, shards, {
      replicas,
      ackWait,
      onProgress,
    });
    const said = rest.before ? 'was submitted before' : 'is submitted';
    await write(io.stdout, `job ${fleet.job} ${said}: ${items} images in ${rest.shards} shards\n`);
  } finally {
    bar.stop();
  }
  return failures();
}
