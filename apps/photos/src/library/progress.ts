/** How far the embedding of a list of photos is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Until the end, as fast as of late; `undefined` until that can be told. */
  readonly secondsLeft: number | undefined;
}

/** Batches by whose time the rest is estimated. */
const recent = 24;

/** Counts what is done and how fast. */
export class Meter {
  #done = 0;
  #marks: { readonly time: number; readonly done: number }[] = [];

  /** Time begins to count here: not while nothing is done. */
  start(time = performance.now()): void {
    this.#marks = [{ time, done: this.#done }];
  }

  add(count: number, time = performance.now()): void {
    this.#done += count;
    this.#marks = [...this.#marks, { time, done: this.#done }].slice(-recent);
  }

  /** Nothing is done yet, of a new list. */
  clear(): void {
    this.#done = 0;
    this.#marks = [];
  }

  /** `undefined` where nothing is left. */
  progress(left: number): Progress | undefined {
    if (left === 0) return undefined;
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    const done = last && first ? last.done - first.done : 0;
    const secondsLeft = done > 0 ? ((last!.time - first!.time) / done / 1000) * left : undefined;
    return { done: this.#done, total: this.#done + left, secondsLeft };
  }
}
