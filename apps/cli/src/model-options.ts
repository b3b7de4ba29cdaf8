import type { Precision } from '@diptych/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OpenOptions } from 'diptych';

type WeightType = NonNullable<OpenOptions['dtype']>;

/** Options of every command that opens a model. */
export interface ModelOptions {
  readonly model: string;
  readonly revision?: string;
  readonly dtype: WeightType;
  readonly architecture?: readonly string[];
  readonly backend?: string;
  readonly quiet?: boolean;
}

export function addModelOptions(command: Command): Command {
  const dtypes: readonly WeightType[] = ['float32', 'float16', 'int8'];
  return command
    .requiredOption('--model <model>', 'folder, its URL, or org/name on the Hugging Face hub')
    .addOption(revisionOption())
    .addOption(new Option('--dtype <name>', 'how weights are kept in memory').choices(dtypes).default('float32'))
    .addOption(repeatable('--architecture <module.js>', "ES module whose exports define other models' architectures"))
    .option('--backend <name>', 'TensorFlow.js backend: wasm or cpu (default: wasm)')
    .option('--quiet', 'no progress bar, no notes; failed items are reported all the same');
}

export function revisionOption(): Option {
  return new Option('--revision <name>', 'branch, tag or commit on the hub (default: main)');
}

/** An option that may be given several times; one value each, so that it swallows no operand behind it. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description} (repeatable)`).argParser((value: string, before?: string[]) => [
    ...(before ?? []),
    value,
  ]);
}

export function precisionOption(): Option {
  const precisions: readonly Precision[] = ['float32', 'int8', 'uint8', 'binary', 'ubinary'];
  return new Option('--precision <name>', 'how components are stored').choices(precisions).default('float32');
}

export function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
}

/** Photos of 12 megapixels are 36 MB decoded, and two batches are in memory at once. */
export const defaultBatchSize = 8;
