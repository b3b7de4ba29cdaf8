import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { type Format, formatOption } from '../output/format.ts';
import { addJobOptions, type JobOptions, type SinkOptions, tableOption } from '../job-options.ts';

export interface FleetVerifyOptions extends JobOptions, SinkOptions {
  readonly format?: Format;
}

export function defineFleetVerify(command: Command, io: Io, done: (failures: number) => void): void {
  addJobOptions(
    command
      .summary('whether each image is there exactly once')
      .description('Compares the rows of a job with what was submitted: each image exactly once, and every hash.'),
  )
    .requiredOption('--output <place>', 'where the workers wrote to')
    .addOption(tableOption())
    .option('--quiet', 'no progress bar')
    .addOption(formatOption())
    .action(async (options: FleetVerifyOptions) => {
      const { fleetVerify } = await import('../fleet/verify.ts');
      done(await fleetVerify(options, io));
    });
}
