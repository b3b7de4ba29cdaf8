import { Option } from 'commander';
import type { Output } from '../io.ts';

/** How results are printed: for people, or one JSON object a line. */
export type Format = 'table' | 'jsonl';

export function formatOption(...more: readonly string[]): Option {
  return new Option('--format <format>', 'how results are written (default: table on a terminal, else jsonl)').choices([
    'table',
    'jsonl',
    ...more,
  ]);
}

export function defaultFormat(stdout: Output): Format {
  return stdout.isTTY ? 'table' : 'jsonl';
}
