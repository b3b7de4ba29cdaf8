import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { backendHelp } from '../node-backend.ts';
import { revisionOption } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface TrainOptions {
  readonly output: string;
  /** A published model to be trained further. */
  readonly from?: string;
  readonly revision?: string;
  readonly resume?: boolean;
  /** Folder in which runs share what frozen networks give. */
  readonly featureCache?: string;
  readonly format?: Format;
  readonly backend?: string;
  readonly quiet?: boolean;
}

export function defineTrain(command: Command, io: Io): void {
  command
    .summary('train a model on captioned images')
    .description(
      'Trains a text tower and an image tower, or a head over features, as a configuration says. The folder gets the model, ' +
        'curves, metrics and a state to continue from, which no kill can tear. With --from, a model of others is trained ' +
        'further and keeps its layout.',
    )
    .argument('<config>', 'JSON file; the README lists its fields')
    .requiredOption('--output <folder>', 'for the trained model, which the other commands open')
    .option(
      '--from <model>',
      'trains a published model further: folder, URL of one, or org/name on the Hugging Face hub',
    )
    .addOption(revisionOption())
    .option('--resume', 'go on where an interrupted run stopped')
    .option('--feature-cache <folder>', 'keeps what frozen networks give of each image, for other runs')
    .addOption(formatOption())
    .option('--backend <name>', backendHelp)
    .option('--quiet', 'no progress bar and no notes')
    .action(async (config: string, options: TrainOptions) => {
      // Gradients and metrics are loaded when they are needed: the other commands start without them.
      const { train } = await import('../training/train.ts');
      await train(config, options, io);
    });
}
