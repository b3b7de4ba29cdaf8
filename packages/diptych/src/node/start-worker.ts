import { Worker } from 'node:worker_threads';
import type { EmbedderWorker } from '../worker/thread.ts';

/** A worker of this process that serves embedders. */
export function startWorker(): EmbedderWorker {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'; // In the repository sources run as they are.
  return new Worker(new URL(`../worker/run-worker.${ending}`, import.meta.url));
}
