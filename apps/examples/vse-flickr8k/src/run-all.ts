import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type RunName, readResult } from './results.ts';

export interface RunAllOptions {
  readonly data: string;
  /** Folder of the results. */
  readonly runs: string;
  /** Processes at once. */
  readonly workers: number;
}

/** Makes the runs that are not there yet, each in a process. */
export async function runAll(plan: readonly RunName[], options: RunAllOptions): Promise<void> {
  const waiting = [...plan];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await runOne(next, options);
  };
  await Promise.all(Array.from({ length: options.workers }, worker));
}

async function runOne(run: RunName, { data, runs }: RunAllOptions): Promise<void> {
  if (await readResult(runs, run)) return;
  const args = ['--method', run.method, '--seed', String(run.seed), '--data', data, '--out', runs];
  const child = fork(new URL('worker.ts', import.meta.url), args);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${run.method}, seed ${run.seed}: its process ended with ${code}`);
}
