import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readResult, type RunResult, writeResult } from '../src/results.ts';
import { runAll } from '../src/run-all.ts';
import { writeReport } from '../src/write-report.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vse-'));
});
afterAll(() => rm(folder, { recursive: true }));

const plan = ['CCA', 'VSE0', 'VSE++'].map((method) => ({ method, seed: 1 }));

it('gives nothing for a run that is not there', async () => {
  expect(await readResult(folder, plan[0]!)).toBeUndefined();
});

it('repeats no run that is there, and reports them', async () => {
  const results = plan.map((name, i) => resultOf(name, i));
  for (const result of results) await writeResult(join(folder, 'runs'), result);
  expect(await readResult(join(folder, 'runs'), plan[2]!)).toEqual(results[2]);
  // Where there are no data every new run would fail.
  await runAll(plan, { data: join(folder, 'missing'), runs: join(folder, 'runs'), workers: 2 });
  const report = await writeReport(folder, plan);
  expect(report).toContain('| VSE++ − CCA | rsum | 400.00');
});

function resultOf({ method, seed }: (typeof plan)[number], better: number): RunResult {
  const ranks = (n: number) => Array.from({ length: n }, (_, i) => (i % 3 < better ? 0 : 20));
  return {
    method,
    seed,
    ranks: { textRetrieval: ranks(9), imageRetrieval: ranks(9) },
    seconds: { processor: 1, clock: 2 },
    memory: 1,
  };
}
