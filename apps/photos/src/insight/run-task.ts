import type { Kind, Results, Tasks } from './tasks.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Told the share that is done, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

interface Message<K extends Kind> {
  readonly share?: number;
  readonly result: Results[K];
  readonly problem?: string;
}

/** Does a task in a thread of its own, which ends with it or with the signal. Rows are copied there. */
export function runTask<K extends Kind>(
  kind: K,
  task: Tasks[K],
  { signal, onProgress }: RunOptions,
): Promise<Results[K]> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = new Worker(new URL('./task-worker.ts', import.meta.url), { type: 'module' });
    const end = () => {
      worker.terminate();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      end();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort);
    worker.addEventListener('message', ({ data }: MessageEvent<Message<K>>) => {
      if (data.share !== undefined) {
        onProgress(data.share);
        return;
      }
      end();
      if (data.problem === undefined) resolve(data.result);
      else reject(new Error(data.problem));
    });
    worker.addEventListener('error', ({ message }) => {
      end();
      reject(new Error(message || 'a worker did not start'));
    });
    worker.postMessage({ kind, task });
  });
}
