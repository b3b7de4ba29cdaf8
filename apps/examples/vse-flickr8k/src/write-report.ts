import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { figuresOf } from './figures.ts';
import { reportText } from './report-text.ts';
import { readResult, type RunName, type RunResult } from './results.ts';
import type { Runs } from './tables.ts';

/**
 * `report.md` and its figures, of all runs of the plan.
 *
 * @returns The report.
 */
export async function writeReport(out: string, plan: readonly RunName[]): Promise<string> {
  const runs = await readRuns(join(out, 'runs'), plan);
  const [text, figures] = [await reportText(runs), await figuresOf(runs)];
  await mkdir(join(out, 'figures'), { recursive: true });
  await writeFile(join(out, 'report.md'), text);
  for (const [name, figure] of Object.entries(figures)) await writeFile(join(out, 'figures', name), figure);
  return text;
}

/** By method, in the order of the plan. */
async function readRuns(folder: string, plan: readonly RunName[]): Promise<Runs> {
  const runs: Record<string, RunResult[]> = {};
  for (const name of plan) {
    const result = await readResult(folder, name);
    if (result) (runs[name.method] ??= []).push(result);
  }
  return runs;
}
