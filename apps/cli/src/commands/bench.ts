import { type Command, InvalidArgumentError, Option } from 'commander';
import type { WeightType } from '@diptych/core';
import type { Io } from '../io.ts';
import { addModelOptions, count, type ModelOptions, weightTypes } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface BenchOptions extends Omit<ModelOptions, 'dtype'> {
  readonly images?: string;
  readonly texts?: string;
  /** Those beside `float32`, which is always measured. */
  readonly dtype: readonly WeightType[];
  readonly batch: readonly number[];
  readonly rounds: number;
  readonly threads?: number;
  readonly format?: Format;
}

export function defineBench(command: Command, io: Io): void {
  const dtypes = new Option('--dtype <types>', 'what is compared with float32: int16, int8 or both')
    .argParser(list(weightType))
    .default(weightTypes.slice(1), 'int16,int8');
  addModelOptions(
    command
      .summary('how fast and how exact each --dtype and --merge-tokens is here')
      .description(
        'Speed of each type of weights on this machine, decoded image or text to embedding, in interleaved rounds, and ' +
          'cosines of its embeddings with those in float32; with --merge-tokens images again so. The model is in memory once for each.',
      )
      .option('--images <path>', 'folder, quoted glob or file (default: 32 pictures of random pixels)')
      .option('--texts <file>', 'one text a line, - for stdin (default: 32 texts of random words)')
      .option('--batch <sizes>', 'items per forward pass', list(count), [1, 8])
      .option('--rounds <n>', 'how often each is timed', count, 7)
      .option('--threads <n>', 'threads (default: one for each core, at most 8)', count)
      .addOption(formatOption()),
    dtypes,
  ).action(async (options: BenchOptions) => {
    const { bench } = await import('../bench/bench.ts');
    await bench(options, io);
  });
}

/** Parses what stands between commas; repeated ones count once. */
function list<T>(parse: (text: string) => T): (text: string) => readonly T[] {
  return (text) => [...new Set(text.split(',').map(parse))];
}

function weightType(text: string): WeightType {
  const found = weightTypes.find((type) => type === text);
  if (found) return found;
  throw new InvalidArgumentError(`Expected some of ${weightTypes.join(', ')}.`);
}
