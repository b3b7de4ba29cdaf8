import type { Precision } from '@diptych/core';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OpenOptions } from 'diptych';
import { backendHelp } from './node-backend.ts';

type WeightType = NonNullable<OpenOptions['dtype']>;

/** Options of every command that opens a model. */
export interface ModelOptions {
  /** Default `defaultModel`. */
  readonly model?: string;
  readonly revision?: string;
  /** Of PEFT, added to the model. */
  readonly adapter?: string;
  readonly dtype?: WeightType;
  /** In each block of a vision transformer. */
  readonly mergeTokens?: number;
  readonly architecture?: readonly string[];
  readonly backend?: string;
  readonly quiet?: boolean;
}

/** What comes along: small, of no use for photos, which is said where it is taken. */
export const defaultModel = '@diptych/model-emoji';

export const weightTypes: readonly WeightType[] = ['float32', 'int16', 'int8'];

/** Adds them as a group of their own, behind those that the command has. */
export function addModelOptions(command: Command, dtype: Option = dtypeOption()): Command {
  return command
    .option('--quiet', 'no progress bar and no notes')
    .optionsGroup('Model options:')
    .addOption(
      new Option('--model <model>', 'folder, URL of one, org/name on the Hugging Face hub, or package').default(
        undefined,
        defaultModel,
      ),
    )
    .addOption(revisionOption())
    .option('--adapter <adapter>', 'of PEFT (LoRA), added to the model: folder, URL of one, or org/name on the hub')
    .addOption(dtype)
    .option(
      '--merge-tokens <n>',
      'tokens that each block of a vision transformer merges: faster, rows differ a little',
      count,
    )
    .addOption(architectureOption())
    .option('--backend <name>', backendHelp)
    .optionsGroup('Options:');
}

function dtypeOption(): Option {
  return new Option('--dtype <type>', 'numbers that weights are kept in and multiplied in')
    .choices(weightTypes)
    .default(undefined, 'that of a converted model, else float32');
}

export function architectureOption(): Option {
  return repeatable('--architecture <module>', 'file or package that exports architectures of other models');
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
  return new Option('--precision <type>', 'components of an embedding').choices(precisions).default('float32');
}

export function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
}

/** Photos of 12 megapixels are 36 MB decoded, and two batches are in memory at once. */
export const defaultBatchSize = 8;
