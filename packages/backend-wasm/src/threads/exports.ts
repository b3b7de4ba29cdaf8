// Made of `assembly/threads.ts` by `tools/kernels.mjs`: not by hand.

/** What the binary of `assembly/threads.ts` exports; the sources say what each does. */
export interface ThreadExports {
  controlBytes(): number;
  runningWorkers(): number;
  setThreads(at: number, threads: number, mayWait: boolean): void;
  work(at: number, number: number): void;
}

/** The exports of an instance. */
export function readExports(exports: WebAssembly.Exports): ThreadExports {
  return Object.assign({}, exports as object) as ThreadExports;
}
