import { retryDead } from '@diptych/fleet';
import type { JobOptions } from '../job-options.ts';
import { type Io, write } from '../io.ts';
import { terminalProgress } from '../progress.ts';
import { openJob } from './open-job.ts';

export async function fleetRetry(options: JobOptions, io: Io): Promise<void> {
  await using fleet = await openJob(options, io, terminalProgress(io));
  const shards = await retryDead(fleet);
  await write(io.stdout, `${shards} shards are handed out again\n`);
}
