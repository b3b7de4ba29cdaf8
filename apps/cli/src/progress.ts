import { type Params, SingleBar } from 'cli-progress';
import type { Output } from './io.ts';
import { formatBytes } from './output/format-bytes.ts';

/** One task under way. */
export interface Bar {
  /** @param total Where it became known or grew. */
  update(done: number, total?: number): void;
  stop(): void;
}

export interface Amount {
  /** Absent where it is not known beforehand. */
  readonly total?: number;
  /** What is counted. Default `items`. */
  readonly unit?: 'items' | 'bytes';
}

/** How far things are, for people: silent where stderr is no terminal. */
export interface Progress {
  /** Shows a bar, in the place of the one shown before; the next `update` of that one brings it back. */
  start(task: string, amount?: Amount): Bar;
  /** A line of its own above the bar. */
  note(line: string): void;
}

const clearLine = '\r\u001B[K';
const hidden: Bar = { update: () => {}, stop: () => {} };

export function terminalProgress(stderr: Output, quiet = false): Progress {
  const isShown = stderr.isTTY === true && !quiet;
  let current: SingleBar | undefined;
  const show = (bar: SingleBar, total: number) => {
    if (current === bar) return;
    current?.stop();
    current = bar;
    bar.start(total, 0);
  };
  return {
    note: (line) => void stderr.write(`${current ? clearLine : ''}${line}\n`),
    start(task, { total: first = 0, unit } = {}) {
      if (!isShown) return hidden;
      const format = (_options: object, params: Params) => progressLine(task, params, unit);
      const bar = new SingleBar({ format, stream: stderr, etaBuffer: 200, clearOnComplete: true, gracefulExit: false });
      show(bar, first);
      return {
        update(done, total = first) {
          show(bar, total);
          bar.setTotal(total);
          bar.update(done);
        },
        stop() {
          bar.stop();
          if (current === bar) current = undefined;
        },
      };
    },
  };
}

const barWidth = 24;

/** At most 79 columns: `downloading  [=========---------------]  226.9 MB of 605.2 MB  12 s left`. */
export function progressLine(
  task: string,
  { value, total, eta }: Pick<Params, 'value' | 'total' | 'eta'>,
  unit: Amount['unit'] = 'items',
): string {
  const amount = unit === 'bytes' ? formatBytes : (n: number) => n.toLocaleString('en');
  if (total === 0) return value === 0 ? task : `${task}  ${amount(value)}`;
  const filled = Math.round(barWidth * Math.min(value / total, 1));
  const bar = `[${'='.repeat(filled)}${'-'.repeat(barWidth - filled)}]`;
  const underWay = value > 0 && value < total;
  return `${task}  ${bar}  ${amount(value)} of ${amount(total)}${underWay ? timeLeft(eta) : ''}`;
}

function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  return seconds < 100 ? `  ${Math.ceil(seconds)} s left` : `  ${Math.ceil(seconds / 60)} min left`;
}
