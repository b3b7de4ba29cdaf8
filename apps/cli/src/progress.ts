import { SingleBar } from 'cli-progress';
import type { Output } from './io.ts';

/** One task under way. */
export interface Bar {
  update(done: number, total?: number): void;
  stop(): void;
}

/** How far things are, for people: silent where stderr is no terminal. */
export interface Progress {
  /** @param total Absent where it is not known beforehand. */
  start(task: string, total?: number): Bar;
  /** A line of its own above the bar. */
  note(line: string): void;
}

const clearLine = '\r\u001B[K';

export function terminalProgress(stderr: Output, quiet = false): Progress {
  const shown = stderr.isTTY === true && !quiet;
  let running = false;
  return {
    note: (line) => void stderr.write(`${running ? clearLine : ''}${line}\n`),
    start(task, total) {
      if (!shown) return { update: () => {}, stop: () => {} };
      const bar = new SingleBar({
        format: total === undefined ? `${task} {value}` : `${task} [{bar}] {value}/{total}, {eta_formatted} left`,
        stream: stderr,
        clearOnComplete: true,
        gracefulExit: false,
      });
      bar.start(total ?? 0, 0);
      running = true;
      return {
        update(done, newTotal = total) {
          if (newTotal !== undefined) bar.setTotal(newTotal);
          bar.update(done);
        },
        stop() {
          bar.stop();
          running = false;
        },
      };
    },
  };
}
