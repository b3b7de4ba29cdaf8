import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { type Format, formatOption } from '../output/format.ts';
import { addJobOptions, type JobOptions } from '../job-options.ts';

export interface FleetStatusOptions extends JobOptions {
  readonly format?: Format;
  readonly watch?: boolean;
}

export function defineFleetStatus(command: Command, io: Io): void {
  addJobOptions(
    command
      .summary('how far a job is')
      .description('Shards waiting, in work, done and dead, images per second and time left, and each worker.'),
  )
    .option('--watch', 'again every five seconds, until nothing is left to do')
    .addOption(formatOption())
    .action(async (options: FleetStatusOptions) => {
      const { showStatus } = await import('../fleet/status.ts');
      await showStatus(options, io);
    });
}
