import type { EmbedderWorker } from '../../src/worker/create-embedder.ts';

/** A worker that knows the toy, in a page or in Node. */
export async function toyWorker(): Promise<EmbedderWorker & { terminate(): unknown }> {
  if (typeof Worker !== 'undefined') return new Worker(new URL('./toy-worker.ts', import.meta.url), { type: 'module' });
  const { Worker: Thread } = await import('node:worker_threads');
  const code = `import('tsx/esm/api').then(({ register }) => (register(), import(require('node:worker_threads').workerData)))`;
  const workerData = new URL('./toy-worker.ts', import.meta.url).href;
  return new Thread(code, { eval: true, workerData, execArgv: ['--conditions=@diptych/source'] });
}
