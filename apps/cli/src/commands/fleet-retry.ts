import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addJobOptions, type JobOptions } from '../job-options.ts';

export function defineFleetRetry(command: Command, io: Io): void {
  addJobOptions(
    command.summary('hand out again what was given up').description('Hands out again the shards that were given up.'),
  ).action(async (options: JobOptions) => {
    const { fleetRetry } = await import('../fleet/retry.ts');
    await fleetRetry(options, io);
  });
}
