import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { useBackend } from '../../src/index.ts';

it('disposing of the backend ends every worker', async () => {
  const ended = vi.spyOn(Worker.prototype, 'terminate');
  await useBackend('wasm', { threads: 3 });
  const backend = tf.backend();
  await useBackend('cpu');
  expect(ended).not.toHaveBeenCalled();
  backend.dispose();
  expect(ended).toHaveBeenCalledTimes(2);
  // The thread itself has ended when this resolves: with 1, or with 0 where it had not begun.
  const codes = await Promise.all(ended.mock.results.map(({ value }) => value as Promise<number>));
  expect(codes).toEqual([expect.any(Number), expect.any(Number)]);
});

it('sleeping workers do not keep a process alive', () => {
  const source = fileURLToPath(new URL('../../src/threads/start-worker.ts', import.meta.url));
  const kernels = fileURLToPath(new URL('../../src/wasm/diptych-kernels-threads.wasm', import.meta.url));
  const script = `
    import { readFileSync } from 'node:fs';
    import { startWorker } from ${JSON.stringify(source)};
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const module = new WebAssembly.Module(readFileSync(${JSON.stringify(kernels)}));
    startWorker({ module, memory, control: 0, number: 1 });
    const running = new Int32Array(memory.buffer, 72, 1);
    while (running[0] === 0) await new Promise((wake) => setTimeout(wake, 5));
    console.log('workers', running[0]);
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const cwd = fileURLToPath(new URL('../../../..', import.meta.url));
  expect(execFileSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: 60_000 })).toBe('workers 1\n');
});
