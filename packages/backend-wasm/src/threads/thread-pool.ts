import type { Heap } from '../kernels/heap.ts';
import type { ThreadExports } from './exports.ts';
import { type EndWorker, startWorker } from './start-worker.ts';

/** The threads that share the kernels' work, the calling one included. */
export interface ThreadPool {
  readonly threads: number;
  /** Workers that have started by now; none is waited for. */
  readonly running: number;
  /** Why there are fewer than were asked for. */
  readonly problem: string | undefined;
  /** Has `threads` threads work from now on, or as many as can be had. Workers that are too many sleep. */
  resize(threads: number): void;
  /** Ends every worker. */
  end(): void;
}

/** What a worker is made of. */
interface WorkerCode {
  readonly module: WebAssembly.Module;
  /** Address of its script, where it has one. */
  readonly worker: string | URL | undefined;
}

/** @param kernels Of `module` over the heap's memory, which is shared. */
export function threadPool(
  { memory, allocate, free }: Heap,
  { module, worker }: WorkerCode,
  kernels: ThreadExports,
): ThreadPool {
  const size = kernels.controlBytes();
  // Whole cache lines.
  let room = allocate(size + 63);
  const control = Math.ceil(room / 64) * 64;
  new Uint8Array(memory.buffer, control, size).fill(0);
  const workers: EndWorker[] = [];
  let used = 1;
  const use = (threads: number) => {
    used = threads;
    kernels.setThreads(control, threads, mayWait());
  };
  use(1);
  let problem: string | undefined;
  const onFailed = () => {
    const what = worker === undefined ? "from blobs: set wasmPaths['diptych-worker.js']" : `at ${String(worker)}`;
    problem = `threads: expected a page whose policy (worker-src) allows workers ${what}`;
    use(1);
  };
  return {
    get threads() {
      return used;
    },
    get running() {
      return kernels.runningWorkers();
    },
    get problem() {
      return problem;
    },
    resize(threads) {
      try {
        while (workers.length < threads - 1) {
          workers.push(
            startWorker({ module, memory, control, number: workers.length + 1 }, { script: worker, onFailed }),
          );
        }
      } catch {
        onFailed();
      }
      use(problem === undefined ? threads : 1);
    },
    end() {
      use(1);
      const started = workers.splice(0);
      for (const endWorker of started) endWorker();
      // Those that end may look there once more.
      if (started.length === 0) free(room);
      room = 0;
    },
  };
}

/** Whether this thread may block; the main thread of a page may not. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0);
    return true;
  } catch {
    return false;
  }
}
