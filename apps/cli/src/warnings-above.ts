import { format } from 'node:util';
import type { Progress } from './progress.ts';

/** What `work` warns of on the console, as `cpu` in place of `wasm`, has a line of its own, whatever bar is shown. */
export async function warningsAbove<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = (...values: readonly unknown[]) => progress.note(format(...values));
  try {
    return await work();
  } finally {
    console.warn = warn;
  }
}
