import type { Io } from './io.ts';
import { lastLine } from './last-line.ts';
import { type Amount, progressLine } from './progress-line.ts';

/** One task under way. */
export interface Bar {
  /** @param total Where it became known or grew. */
  update(done: number, total?: number): void;
  stop(): void;
}

/** How far things are, for people: silent where stderr is no terminal. */
export interface Progress {
  /** Shows a bar, in the place of the one shown before; the next `update` of that one brings it back. */
  start(task: string, amount?: Amount): Bar;
  /** A line of its own above the bar. */
  note(line: string): void;
  /** Takes the bar away until its next update. To be called before anything is printed, maybe to the same terminal. */
  makeWay(): void;
}

const redrawMs = 100;
const hidden: Bar = { update: () => {}, stop: () => {} };

export function terminalProgress({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>, quiet = false): Progress {
  const line = lastLine(stderr);
  let current: Bar | undefined;
  let drawnAt = 0;
  return {
    note: (text) => line.above(text),
    makeWay: () => stdout.isTTY && line.draw(''),
    start(task, amount = {}) {
      if (!stderr.isTTY || quiet) return hidden;
      const timeLeft = timer();
      const show = (done: number, total?: number) => {
        const msLeft = timeLeft(done, total);
        const now = performance.now();
        if (current === bar && line.text !== '' && now - drawnAt < redrawMs) return;
        [current, drawnAt] = [bar, now];
        line.draw(progressLine(task, { done, total, unit: amount.unit, msLeft }).slice(0, (stderr.columns ?? 80) - 1));
      };
      const bar: Bar = {
        update: (done, total = amount.total) => show(done, total),
        stop() {
          if (current !== bar) return;
          current = undefined;
          line.draw('');
        },
      };
      show(0, amount.total);
      return bar;
    },
  };
}

/** Milliseconds left at the pace since the first progress: what was there before it took no time. */
function timer(): (done: number, total?: number) => number | undefined {
  let first: { readonly done: number; readonly time: number } | undefined;
  return (done, total) => {
    if (done === 0 || total === undefined) return undefined;
    const time = performance.now();
    first ??= { done, time };
    return done === first.done ? undefined : ((total - done) * (time - first.time)) / (done - first.done);
  };
}

/** The bar of what reports its tasks one after the other. */
export function taskBar(progress: Progress): {
  readonly update: (task: string, done: number, total: number) => void;
  readonly stop: () => void;
} {
  let bar: Bar | undefined;
  let shown: string | undefined;
  return {
    update(task, done, total) {
      if (task !== shown) {
        bar?.stop();
        bar = progress.start(task, { total });
        shown = task;
      }
      bar?.update(done);
    },
    stop: () => bar?.stop(),
  };
}
