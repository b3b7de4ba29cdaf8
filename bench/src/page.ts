import { useBackend } from '@diptych/backend-wasm';
import { wallClock } from './interleave.ts';
import { lineOf, measure, type Result, type Tower } from './measure.ts';
import { webPeers } from './peers.ts';
import { threadsSpeed, type ThreadsPlan } from './threads-speed.ts';
import { measureTraining, trainingLine } from './training-step.ts';

/** Runs the benchmark in a page, whose console gets the lines. */
export async function runPage(towers: readonly Tower[], batches: readonly number[], rounds: number): Promise<Result[]> {
  const { kernels } = await useBackend('wasm', { threads: 1 });
  console.log(`${navigator.userAgent}, wall clock, kernels ${kernels}`);
  const dtypes = ['float32', 'int16', 'int8'] as const;
  const plan = { towers, batches, rounds, dtypes, peers: await webPeers(), clock: wallClock };
  const results: Result[] = [];
  for await (const result of measure(plan)) {
    results.push(result);
    console.log(lineOf(result));
  }
  return results;
}

/** A step of training, in a page of its own: it changes which kernels run. */
export async function runTraining(): Promise<void> {
  console.log(trainingLine(await measureTraining(wallClock)));
}

export async function runThreads(plan: ThreadsPlan): Promise<void> {
  for await (const line of threadsSpeed(plan)) console.log(line);
}
