import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Result } from './measure.ts';

/** What the site's charts are drawn from, and the README's. */
const file = fileURLToPath(new URL('../../docs/encoder-speeds.json', import.meta.url));

/** Where and how a run was measured. */
export interface Run {
  /** As `Node 24`. */
  readonly place: string;
  readonly cpu: string | undefined;
  /** 'processor' or 'wall'. */
  readonly clock: string;
  readonly rounds: number;
}

/** Writes a run instead of the last one of its place: milliseconds, and how many times as fast as the first peer. */
export function record(run: Run, results: readonly Result[]): void {
  const rows: Record<string, Record<string, unknown>> = {};
  for (const { tower, batch, name, milliseconds, speed } of results) {
    const { median, low, high } = speed!;
    const ratios = { ratio: round(median, 2), low: round(low, 2), high: round(high, 2) };
    (rows[`${tower} b${batch}`] ??= {})[name] = { milliseconds: round(milliseconds, 1), ...ratios };
  }
  const runs = JSON.parse(readFileSync(file, 'utf8')) as Run[];
  const at = runs.findIndex(({ place }) => place === run.place);
  runs.splice(at < 0 ? runs.length : at, 1, Object.assign({}, run, { rows }));
  writeFileSync(file, `${JSON.stringify(runs, null, 2)}\n`);
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
