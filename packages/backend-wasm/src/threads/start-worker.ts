import type { Address } from '../kernels/tfjs-inside.ts';

/** What a worker runs: the kernels over the memory of the backend, as one of its threads. */
export interface WorkerTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Address;
  /** From 1. */
  readonly number: number;
}

/** Ends the worker, whatever it does. */
export type EndWorker = () => void;

// As text, so that no bundler has to find a file, and Node needs no loader for TypeScript.
const life = `({ module, memory, control, number }) =>
  new WebAssembly.Instance(module, { env: { memory } }).exports.work(control, number)`;

/** How a worker starts. */
export interface WorkerStart {
  /** Address of `diptych-worker.js`, in a page. Default a blob. */
  readonly script?: string | URL | undefined;
  /** Called when it does not start, in a page: its policy forbids workers from blobs, or the script is not there. */
  readonly onFailed?: () => void;
}

/**
 * A worker that takes part as soon as it runs; nobody waits for it. It does not keep Node alive.
 *
 * @throws where none can be made.
 */
export function startWorker(task: WorkerTask, start: WorkerStart = {}): EndWorker {
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  return threads ? inNode(threads, task) : inBrowser(task, start);
}

function inNode({ Worker }: typeof import('node:worker_threads'), task: WorkerTask): EndWorker {
  const code = `(${life})(require('node:worker_threads').workerData)`;
  // Neither the loaders nor the environment of this process: it has nothing to load.
  const worker = new Worker(code, { eval: true, workerData: task, execArgv: [], env: {} });
  worker.unref();
  return () => void worker.terminate();
}

function inBrowser(task: WorkerTask, { script, onFailed }: WorkerStart): EndWorker {
  const blob = new Blob([`onmessage = ({ data }) => (${life})(data)`], { type: 'text/javascript' });
  const url = script ?? URL.createObjectURL(blob);
  const worker = new Worker(url);
  worker.addEventListener('error', () => onFailed?.());
  worker.postMessage(task);
  return () => {
    worker.terminate();
    if (script === undefined) URL.revokeObjectURL(String(url));
  };
}
