import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io.ts';
import { addModelOptions, count, defaultBatchSize, type ModelOptions } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface VerifyOptions extends ModelOptions {
  readonly reference: string;
  readonly tolerance: number;
  readonly format?: Format;
  readonly batchSize: number;
}

export function defineVerify(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    command
      .summary('how close embeddings are to those of Python')
      .description(
        'Compares embeddings with those that Python made of the same texts and images. Exits with 1 above the tolerance.',
      )
      .requiredOption('--reference <file>', 'JSON with texts, text_embeds, images, image_embeds')
      .option('--tolerance <x>', 'largest difference of a component of two unit rows', tolerance, 1e-4)
      .addOption(formatOption())
      .option('--batch-size <n>', 'items per forward pass', count, defaultBatchSize),
  ).action(async (options: VerifyOptions) => {
    const { verify } = await import('../actions/verify.ts');
    done(await verify(options, io));
  });
}

function tolerance(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0) return value;
  throw new InvalidArgumentError('Expected a number of at least 0.');
}
