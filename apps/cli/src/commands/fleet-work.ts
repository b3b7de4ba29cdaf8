import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addModelOptions, count, defaultBatchSize, type ModelOptions } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';
import { addJobOptions, type JobOptions, type SinkOptions, tableOption } from '../job-options.ts';

export interface FleetWorkOptions extends JobOptions, ModelOptions, SinkOptions {
  readonly data?: string;
  readonly worker?: string;
  readonly batchSize: number;
  readonly maxDeliver: number;
  readonly format?: Format;
  readonly quiet?: boolean;
}

export function defineFleetWork(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    addJobOptions(
      command
        .summary('embed shards until all are done')
        .description(
          'Takes shards one at a time, embeds them and writes their rows, until all of the job are done or dead. One ' +
            'that is interrupted hands its shard back.',
        ),
    )
      .requiredOption(
        '--output <place>',
        "a folder that all workers share, or s3://bucket/prefix, in clip-retrieval's layout; or postgres://user@host/database",
      )
      .addOption(tableOption())
      .option('--data <folder>', 'where the data is on this machine (default: where it was submitted)')
      .option('--worker <name>', 'name of this worker (default: host and process)')
      .option('--max-deliver <n>', 'times that a shard is handed out before it is given up', count, 5)
      .option('--batch-size <n>', 'images per forward pass', count, defaultBatchSize)
      .addOption(formatOption()),
  ).action(async (options: FleetWorkOptions) => {
    const { fleetWork } = await import('../fleet/work.ts');
    done(await fleetWork(options, io));
  });
}
