import type { BenchModelName } from './bench-models.ts';

/** What one tower takes in one setting. */
export interface BenchRow {
  readonly tower: 'image' | 'text';
  readonly batch: number;
  readonly dtype: string;
  readonly backend: string;
  /** Which build of our kernels computed; absent where none does. */
  readonly kernels: string | undefined;
  readonly threads: number;
  /** For one item: the median of the rounds, wall clock. */
  readonly milliseconds: number;
  readonly rounds: number;
}

/** What the worker says. */
export type BenchMessage =
  | { readonly kind: 'row'; readonly row: BenchRow }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly why: string };

export interface BenchRun {
  /** Ends the worker, and with it whatever it computes. */
  stop(): void;
}

/** Measures in a worker, and tells of each row as soon as it is there. */
export function startBench(model: BenchModelName, tell: (message: BenchMessage) => void): BenchRun {
  const worker = new Worker(new URL('./bench-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<BenchMessage>) => tell(data));
  worker.addEventListener('error', ({ message }) =>
    tell({ kind: 'failed', why: message || 'the worker did not start' }),
  );
  worker.postMessage(model);
  return { stop: () => worker.terminate() };
}

/** What a run is worth nothing without. */
export function place() {
  return {
    userAgent: navigator.userAgent,
    cores: navigator.hardwareConcurrency,
    isolated: globalThis.crossOriginIsolated,
  };
}
