import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { defaultFormat, type Format, formatOption } from '../output/format.ts';

export interface ModelsOptions {
  readonly format?: Format | 'markdown';
}

export function defineModels(command: Command, io: Io): void {
  command
    .summary('published models that open, and some that are refused')
    .description('Published models that open, with what they take and give, and some that are refused.')
    .addOption(formatOption('markdown'))
    .action(async ({ format = defaultFormat(io.stdout) }: ModelsOptions) => {
      const { models } = await import('../actions/models.ts');
      await models(format, io);
    });
}
