import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { addModelOptions, type ModelOptions } from '../model-options.ts';

export interface ConvertOptions extends ModelOptions {
  readonly output: string;
}

export function defineConvert(command: Command, io: Io): void {
  addModelOptions(
    command
      .summary('write a model whose weights are packed already')
      .description('Writes a folder with the weights of --dtype, packed, which opens faster than the model itself.')
      .requiredOption('--output <folder>', 'made where it is missing; weights in it are replaced'),
  ).action(async (options: ConvertOptions) => {
    const { convert } = await import('../actions/convert.ts');
    await convert(options, io);
  });
}
