import type { EmbedderWorker } from './thread.ts';

/** A worker of this page that serves embedders. */
export function startWorker(): EmbedderWorker {
  return new Worker(new URL('./run-worker.js', import.meta.url), { type: 'module', name: 'diptych' });
}
