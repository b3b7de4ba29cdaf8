import { formatBytes } from './output/format-bytes.ts';

export interface Amount {
  /** Absent where it is not known beforehand. */
  readonly total?: number;
  /** What is counted. Default `items`. */
  readonly unit?: 'items' | 'bytes';
}

export interface Reached extends Amount {
  readonly done: number;
  /** Absent where it cannot be told yet. */
  readonly msLeft?: number;
}

const width = 24;

/** As `downloading  [=========---------------]  226.9 MB of 605.2 MB  12 s left`. */
export function progressLine(task: string, { done, total, unit = 'items', msLeft }: Reached): string {
  const amount = unit === 'bytes' ? formatBytes : (n: number) => n.toLocaleString('en');
  if (total === undefined) return done === 0 ? task : `${task}  ${amount(done)}`;
  const filled = Math.round(width * Math.min(done / Math.max(total, 1), 1));
  const bar = `[${'='.repeat(filled)}${'-'.repeat(width - filled)}]`;
  return [task, bar, `${amount(done)} of ${amount(total)}`, ...timeLeft(msLeft)].join('  ');
}

function timeLeft(ms = 0): readonly string[] {
  const seconds = Math.ceil(ms / 1000);
  if (seconds === 0) return [];
  return [seconds < 100 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`];
}
