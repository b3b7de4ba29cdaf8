import { type Profiler, Session } from 'node:inspector';

/** What code of the packages has run since it was last asked. */
export interface Coverage {
  /** Blocks by file and place. */
  take(): Promise<ReadonlySet<string>>;
}

/** V8's own block coverage, of files whose address has one of `parts`. */
export async function startCoverage(parts: readonly string[]): Promise<Coverage> {
  const session = new Session();
  session.connect();
  const post = async (method: string, parameters?: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      session.post(method, parameters, (error: Error | null, result?: object) => {
        if (error) reject(error);
        else resolve(result);
      });
    });
  await post('Profiler.enable');
  await post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return {
    async take() {
      const { result } = (await post('Profiler.takePreciseCoverage')) as Profiler.TakePreciseCoverageReturnType;
      const found = new Set<string>();
      for (const { url, functions } of result) {
        if (!parts.some((part) => url.includes(part))) continue;
        const file = url.slice(url.lastIndexOf('/packages/') + 1);
        for (const { ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) {
            if (count > 0) found.add(`${file}:${startOffset}-${endOffset}`);
          }
        }
      }
      return found;
    },
  };
}
