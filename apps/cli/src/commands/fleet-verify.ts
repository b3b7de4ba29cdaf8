import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { type Format, formatOption } from '../output/format.ts';
import { addJobOptions, type JobOptions } from '../job-options.ts';

export interface FleetVerifyOptions extends JobOptions {
  readonly output: string;
  readonly format?: Format;
}

export function defineFleetVerify(command: Command, io: Io, done: (failures: number) => void): void {
  addJobOptions(
    command
      .summary('whether each image is there exactly once')
      .description('Compares the rows of a job with what was submitted: each image exactly once, and every hash.'),
  )
    .requiredOption('--output <folder>', 'that the workers wrote to')
    .option('--quiet', 'no progress bar')
    .addOption(formatOption())
    .action(async (options: FleetVerifyOptions) => {
      const { fleetVerify } = await import('../fleet/verify.ts');
      done(await fleetVerify(options, io));
    });
}
