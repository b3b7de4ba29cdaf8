import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface AlignOptions {
  readonly output: string;
  readonly featureCache?: string;
  readonly format?: Format;
  readonly quiet?: boolean;
}

export function defineAlign(command: Command, io: Io): void {
  command
    .summary('bring two kinds of features into one space')
    .description(
      'Canonical correlation analysis with a ridge, a chunk of pairs at a time: of two feature files, or of images and ' +
        'their captions. The folder gets the projections, and a report where pairs are kept for a test.',
    )
    .argument('<config>', 'JSON file; the README lists its fields')
    .requiredOption('--output <folder>', 'for projections.safetensors, alignment.json and the report')
    .option('--feature-cache <folder>', 'keeps what models give of each image and text, for other runs')
    .addOption(formatOption())
    .option('--quiet', 'no progress bar and no notes')
    .action(async (config: string, options: AlignOptions) => {
      const { align } = await import('../actions/align.ts');
      await align(config, options, io);
    });
}
