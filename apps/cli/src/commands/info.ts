import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addModelOptions, type ModelOptions } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface InfoOptions extends ModelOptions {
  readonly format?: Format;
}

export function defineInfo(command: Command, io: Io): void {
  addModelOptions(
    command
      .summary('what a model is and what runs it')
      .description('What a model is, what it takes, and what runs it.')
      .addOption(formatOption()),
  ).action(async (options: InfoOptions) => {
    const { info } = await import('../actions/info.ts');
    await info(options, io);
  });
}
