import { doing, type Kind, type Tasks } from './tasks.ts';

// One task; then the page ends this worker.
addEventListener('message', ({ data: { kind, task } }: MessageEvent<{ kind: Kind; task: Tasks[Kind] }>) => {
  const work = doing[kind] as (task: Tasks[Kind]) => Promise<unknown>;
  work(task).then(
    (result) => postMessage({ result }),
    (error: unknown) => postMessage({ problem: String(error) }),
  );
});
