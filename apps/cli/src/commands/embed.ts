import { type Command, Option } from 'commander';
import type { Precision } from '@diptych/core';
import type { Io } from '../io.ts';
import { addModelOptions, count, defaultBatchSize, type ModelOptions, precisionOption } from '../model-options.ts';
import { formatOption } from '../output/format.ts';
import type { SinkOptions } from '../output/open-row-sink.ts';

export interface EmbedOptions extends ModelOptions, SinkOptions {
  readonly null?: boolean;
  readonly precision: Precision;
  readonly truncateDim?: number;
  readonly normalize: boolean;
  readonly batchSize: number;
}

export function defineEmbed(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    command
      .summary('embeddings of images, texts or sounds')
      .description('Embeddings of images, texts or sounds, in the order of the inputs.')
      .argument(
        '<inputs...>',
        'image files, folders (their images at any depth), globs, URLs, or - for paths on stdin, one a line; ' +
          'with --modality text: texts, or - for texts on stdin; with --modality audio: sound files (WAV, FLAC), named as images are',
      )
      .addOption(
        new Option('--modality <name>', 'what the inputs are').choices(['image', 'text', 'audio']).default('image'),
      )
      .option('--null', 'items on stdin end with NUL (find -print0)')
      .addOption(formatOption('npy'))
      .option('--output <path>', "file to write; for npy a folder, in clip-retrieval's layout (default: stdout)")
      .addOption(precisionOption())
      .option('--truncate-dim <n>', 'keep the first n components (for Matryoshka models)', count)
      .option('--no-normalize', 'leave rows at the length that the model gives them')
      .option('--batch-size <n>', 'items per forward pass', count, defaultBatchSize),
  ).action(async (inputs: readonly string[], options: EmbedOptions) => {
    const { embed } = await import('../actions/embed.ts');
    done(await embed(inputs, options, io));
  });
}
