import { Option } from 'commander';
import type { Output } from '../io.ts';

/** How results are printed: for people, or one JSON object a line. */
export type Format = 'table' | 'jsonl';

export function formatOption(...more: readonly string[]): Option {
  return new Option('--format <format>', 'results')
    .choices(['table', 'jsonl', ...more])
    .default(undefined, 'table on a terminal, else jsonl');
}

export function defaultFormat(stdout: Output): Format {
  return stdout.isTTY ? 'table' : 'jsonl';
}
