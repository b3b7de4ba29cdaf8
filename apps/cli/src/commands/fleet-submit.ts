import type { Command } from 'commander';
import type { Precision } from '@diptych/core';
import type { Io } from '../io.ts';
import { addModelOptions, count, type ModelOptions, precisionOption } from '../model-options.ts';
import { addJobOptions, type JobOptions, seconds } from '../job-options.ts';

export interface FleetSubmitOptions extends JobOptions, ModelOptions {
  readonly precision: Precision;
  readonly shardSize: number;
  readonly replicas: number;
  readonly ackWait: number;
  readonly quiet?: boolean;
}

export function defineFleetSubmit(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    addJobOptions(
      command
        .summary('cut a data set into shards and hand them out')
        .description('Cuts a data set into shards, without copying it, and hands them to the servers.')
        .argument(
          '<data...>',
          'folders, globs and files of images; or one .jsonl, .csv or .tsv with a column image of paths or URLs; or ' +
            '.tar of webdataset or .parquet, all in one folder',
        ),
    )
      .addOption(precisionOption())
      .option('--shard-size <n>', 'the most images of a shard', count, 1000)
      .option('--replicas <n>', 'servers that keep each message; 3 outlive any one', count, 1)
      .option('--ack-wait <seconds>', 'without a sign of life, after which a shard goes to another', seconds, 60_000),
  ).action(async (data: readonly string[], options: FleetSubmitOptions) => {
    const { fleetSubmit } = await import('../fleet/submit.ts');
    done(await fleetSubmit(data, options, io));
  });
}
