import { EmbeddingError } from '@diptych/core';
import { HttpProblem } from '../http/problem.ts';
import { type BatchRows, crossed, type Item, type RowOptions } from './messages.ts';

/** An item that waits for its row. */
interface Job {
  readonly item: Item;
  readonly signal: AbortSignal;
  readonly wait: Wait | undefined;
  resolve(row: Row): void;
  reject(reason: unknown): void;
}

export interface Row {
  readonly values: Float32Array;
  /** That the model has read: 0 of an image or a sound. */
  readonly tokens: number;
  /** Of the image's file: 0 of all else. */
  readonly pixels: number;
}

/** Who hears of the items of one request that wait. */
export interface Wait {
  /** One of them is in a batch. */
  begun(): void;
  /** None of them waits any more. */
  end(): void;
}

interface Line {
  readonly options: RowOptions;
  readonly jobs: Job[];
}

export interface BatcherOptions {
  /** Most items of a batch. */
  readonly batchSize: number;
  /** Most bytes of a batch, of one item more where that alone is larger. */
  readonly batchBytes: number;
  /** Milliseconds for which a batch that is not full waits for more. */
  readonly batchWait: number;
  /** Most items that wait. */
  readonly queue: number;
  readonly onWait?: (items: number, options: RowOptions) => Wait | undefined;
  /** What it gives is called when the batch has ended. */
  readonly onBatch?: (items: number, options: RowOptions, waits: ReadonlySet<Wait>) => (() => void) | undefined;
}

/** Runs a batch; the signal says that nobody waits for it any more. */
export type RunBatch = (items: readonly Item[], options: RowOptions, signal: AbortSignal) => Promise<BatchRows>;

/**
 * Items of all requests in line, from which whoever has a hand free takes a batch: as many as there are, of one kind, the
 * oldest first. What nobody waits for any more is never begun.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  /** By kind; a kind that has waited longest comes first. */
  readonly #lines = new Map<string, Line>();
  readonly #hands: RunBatch[] = [];
  #waiting = 0;
  #running = 0;
  /** Items a second, of late. */
  #rate = 0;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  /** Items that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  get isIdle(): boolean {
    return this.#waiting === 0 && this.#running === 0;
  }

  /**
   * Rows of the items, in order.
   *
   * @throws {HttpProblem} 429 where the line is full; of nothing then.
   */
  async embed(items: readonly Item[], options: RowOptions, signal: AbortSignal): Promise<Row[]> {
    signal.throwIfAborted();
    this.#refuseOver(items.length);
    const unwanted = new AbortController();
    const leave = (): void => unwanted.abort(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    const line = this.#lineOf(options);
    const wait = this.#options.onWait?.(items.length, options);
    const jobs: Job[] = [];
    const rows = items.map(
      (item) =>
        new Promise<Row>((resolve, reject) => {
          jobs.push({ item, signal: unwanted.signal, wait, resolve, reject });
        }),
    );
    line.jobs.push(...jobs);
    this.#waiting += jobs.length;
    const abort = (): void => {
      for (const job of jobs) job.reject(unwanted.signal.reason);
      this.#sweep();
    };
    unwanted.signal.addEventListener('abort', abort, { once: true });
    this.#begin();
    try {
      return await Promise.all(rows);
    } catch (error) {
      unwanted.abort(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', leave);
      wait?.end();
    }
  }

  /** A hand that runs one batch at a time, until `leave` is called. */
  join(run: RunBatch): { leave(): void } {
    let isThere = true;
    const hand: RunBatch = async (items, options, signal) => {
      try {
        return await run(items, options, signal);
      } finally {
        if (isThere) this.#hands.push(hand);
      }
    };
    this.#hands.push(hand);
    this.#begin();
    return {
      leave: () => {
        isThere = false;
        const at = this.#hands.indexOf(hand);
        if (at >= 0) this.#hands.splice(at, 1);
      },
    };
  }

  /** Resolves when nothing waits and nothing runs. */
  async drained(): Promise<void> {
    if (!this.isIdle) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** What waits rejects with `reason`. */
  reject(reason: unknown): void {
    for (const { jobs } of this.#lines.values()) for (const job of jobs) job.reject(reason);
    this.#lines.clear();
    this.#waiting = 0;
    this.#tellIdle();
  }

  #refuseOver(items: number): void {
    const { queue } = this.#options;
    if (items > queue) {
      throw new HttpProblem(413, 'too_many_items', `A request may have ${queue} items here, got ${items}.`);
    }
    if (this.#waiting + items <= queue) return;
    const retryAfter = Math.min(60, Math.max(1, Math.ceil(this.#waiting / Math.max(this.#rate, 1))));
    throw new HttpProblem(429, 'queue_full', `${this.#waiting} items are waiting; try again in ${retryAfter} s.`, {
      retryAfter,
    });
  }

  #lineOf(options: RowOptions): Line {
    const { modality, normalize, truncateDim = 0, truncate, maxTokens = 0 } = options;
    const key = JSON.stringify([modality, normalize, truncateDim, truncate, maxTokens]);
    const line = this.#lines.get(key) ?? { options, jobs: [] };
    this.#lines.set(key, line);
    return line;
  }

  /** Drops what nobody waits for. */
  #sweep(): void {
    for (const [key, line] of this.#lines) {
      const left = line.jobs.filter((job) => !job.signal.aborted);
      this.#waiting -= line.jobs.length - left.length;
      line.jobs.splice(0, line.jobs.length, ...left);
      if (left.length === 0) this.#lines.delete(key);
    }
    this.#tellIdle();
  }

  #begin(isLate = false): void {
    while (this.#hands.length > 0 && this.#waiting > 0) {
      const [key, line] = [...this.#lines][0]!;
      const isFull = line.jobs.length >= this.#options.batchSize;
      if (!isFull && !isLate && this.#options.batchWait > 0) {
        if (this.#timer !== undefined) return;
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.#begin(true);
        }, this.#options.batchWait);
        return;
      }
      const jobs = this.#take(line);
      this.#lines.delete(key);
      if (line.jobs.length > 0) this.#lines.set(key, line); // Behind the others: no kind starves.
      void this.#run(this.#hands.shift()!, jobs, line.options);
    }
  }

  #take({ jobs }: Line): Job[] {
    const { batchSize, batchBytes } = this.#options;
    let bytes = 0;
    let count = 0;
    while (count < jobs.length && count < batchSize) {
      bytes += jobs[count]!.item.length;
      if (count > 0 && bytes > batchBytes) break;
      count++;
    }
    this.#waiting -= count;
    return jobs.splice(0, count);
  }

  async #run(hand: RunBatch, jobs: readonly Job[], options: RowOptions): Promise<void> {
    this.#running++;
    for (const { wait } of jobs) wait?.begun();
    const waits = new Set(jobs.flatMap(({ wait }) => wait ?? []));
    const ended = this.#options.onBatch?.(jobs.length, options, waits);
    const unwanted = new AbortController();
    const stop = (): void => {
      if (jobs.every(({ signal }) => signal.aborted)) unwanted.abort(jobs[0]!.signal.reason);
    };
    for (const { signal } of jobs) signal.addEventListener('abort', stop, { once: true });
    const begun = performance.now();
    try {
      settle(
        jobs,
        await hand(
          jobs.map(({ item }) => item),
          options,
          unwanted.signal,
        ),
      );
      const rate = (1000 * jobs.length) / Math.max(1, performance.now() - begun);
      this.#rate = this.#rate === 0 ? rate : 0.8 * this.#rate + 0.2 * rate;
    } catch (error) {
      for (const job of jobs) job.reject(error);
    } finally {
      for (const { signal } of jobs) signal.removeEventListener('abort', stop);
      ended?.();
      this.#running--;
      this.#begin();
      this.#tellIdle();
    }
  }

  #tellIdle(): void {
    if (!this.isIdle) return;
    for (const tell of this.#idle.splice(0)) tell();
  }
}

/** Each job its row, or the reason why it has none. */
function settle(jobs: readonly Job[], { rows, tokens, pixels, skipped }: BatchRows): void {
  const reasons = new Map(skipped.map(({ at, error }) => [at, error]));
  const [count, dim] = rows.shape;
  if (count + reasons.size !== jobs.length) {
    const got = `${count} and ${reasons.size} left out`;
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'batch', expected: `${jobs.length} rows`, got });
  }
  let next = 0;
  jobs.forEach((job, i) => {
    const reason = reasons.get(i);
    if (reason) return job.reject(crossed(reason));
    job.resolve({
      values: rows.data.slice(next * dim, (next + 1) * dim),
      tokens: tokens[next]!,
      pixels: pixels[next]!,
    });
    next++;
  });
}
