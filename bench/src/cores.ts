import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { median } from './interleave.ts';

const spin = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', () => {
    const start = performance.now();
    for (let i = 0, x = 0; i < 2e7; i++) x = (x * 1.0000001 + i) % 1000;
    parentPort.postMessage(performance.now() - start);
  });`;

/**
 * How much of `count` cores this process is given at the moment: `count` threads that only count, against one alone.
 *
 * @returns At most about `count`.
 */
export async function freeCores(count: number): Promise<number> {
  const workers = Array.from({ length: count }, () => new Worker(spin, { eval: true }));
  const run = async (worker: Worker): Promise<number> => {
    worker.postMessage(0);
    const [time] = (await once(worker, 'message')) as [number];
    return time;
  };
  await Promise.all(workers.map(run));
  const shares: number[] = [];
  for (let round = 0; round < 5; round++) {
    const alone = await run(workers[0]!);
    const together = await Promise.all(workers.map(run));
    shares.push((count * alone) / Math.max(...together));
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return median(shares);
}
