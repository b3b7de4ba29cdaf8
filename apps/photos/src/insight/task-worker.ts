import { doing, type Kind, type Tasks } from './tasks.ts';

/** Milliseconds between two messages of progress. */
const pause = 100;

// One task; then the page ends this worker.
addEventListener('message', ({ data: { kind, task } }: MessageEvent<{ kind: Kind; task: Tasks[Kind] }>) => {
  const work = doing[kind] as (task: Tasks[Kind], onProgress: (share: number) => void) => Promise<unknown>;
  let last = 0;
  const onProgress = (share: number) => {
    if (performance.now() - last < pause) return;
    last = performance.now();
    postMessage({ share });
  };
  work(task, onProgress).then(
    (result) => postMessage({ result }),
    (error: unknown) => postMessage({ problem: String(error) }),
  );
});
