import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { addModelOptions, count, defaultBatchSize, type ModelOptions, repeatable } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface ClassifyOptions extends ModelOptions {
  readonly labels?: readonly string[];
  readonly labelsFile?: string;
  readonly template?: readonly string[];
  readonly topK: number;
  readonly null?: boolean;
  readonly format?: Format;
  readonly batchSize: number;
}

export function defineClassify(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    command
      .summary('which of some labels describes an image best')
      .description('Which of some labels describes each image best, without training.')
      .argument('<images...>', 'files, folders (their images at any depth), globs, URLs, or - for paths on stdin')
      .addOption(
        new Option('--labels <list>', 'labels, separated by commas')
          .argParser((text) => text.split(','))
          .conflicts('labelsFile'),
      )
      .option('--labels-file <file>', 'labels, one a line')
      .addOption(repeatable('--template <text>', "prompt with {} for the label (default: 'a photo of a {}')"))
      .option('--top-k <n>', 'labels shown for an image', count, 5)
      .option('--null', 'paths on stdin end with NUL (find -print0)')
      .addOption(formatOption())
      .option('--batch-size <n>', 'images per forward pass', count, defaultBatchSize),
  ).action(async (images: readonly string[], options: ClassifyOptions) => {
    const { classify } = await import('../actions/classify.ts');
    done(await classify(images, options, io));
  });
}
