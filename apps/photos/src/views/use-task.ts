import { useEffect, useState } from 'react';
import { runTask } from '../insight/run-task.ts';
import type { Kind, Results, Tasks } from '../insight/tasks.ts';

export interface TaskState<K extends Kind> {
  /** Of the task before, while the next is under way. */
  readonly result: Results[K] | undefined;
  readonly isBusy: boolean;
  /** The share that is done, 0 to 1, of what tells it. */
  readonly share: number | undefined;
  readonly problem: string | undefined;
}

/** While a slider moves, its tasks are not begun. */
const patience = 200;

/** Does a task in another thread whenever it is another one; `task` is the same object as long as it is the same. */
export function useTask<K extends Kind>(kind: K, task: Tasks[K] | undefined): TaskState<K> {
  const [done, setDone] = useState<{ readonly task?: Tasks[K]; readonly result?: Results[K]; problem?: string }>({});
  const [share, setShare] = useState<number>();
  useEffect(() => {
    setShare(undefined);
    if (!task) return undefined;
    const ended = new AbortController();
    const timer = setTimeout(() => {
      runTask(kind, task, { signal: ended.signal, onProgress: setShare }).then(
        (result) => setDone({ task, result }),
        (error: unknown) => {
          if (!ended.signal.aborted) setDone({ task, problem: String(error) });
        },
      );
    }, patience);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [kind, task]);
  return { result: done.result, isBusy: task !== undefined && done.task !== task, share, problem: done.problem };
}
