import { checkSignal, expectFunction, expectItems, expectListeners } from './arguments.ts';
import { EmbeddingError } from './error.ts';

/**
 * Resolves in a macrotask of its own: timers, events and other calls come in between. Between two pieces of a long
 * computation it lets a page paint and a signal arrive.
 *
 * Rejects with `signal.reason` when the signal is aborted by then.
 */
export async function turn(signal?: AbortSignal): Promise<void> {
  checkSignal(signal);
  await new Promise<void>((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else postTo(resolve); // A page's timers wait for milliseconds.
  });
  checkSignal(signal);
}

function postTo(resolve: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener('message', () => {
    port1.close();
    resolve();
  });
  port1.start();
  port2.postMessage(undefined);
}

/** Items in groups of `size`, in order; the last may be smaller. Pulls no further than asked. */
export async function* batches<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  expectItems(items, 'batches');
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

export interface PrefetchOptions {
  /** Items in work at once, that which is handed out next included; at least 1. Default 8. */
  readonly ahead?: number | undefined;
  /** Items handed out or left out so far. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Told of each item that is left out because it cannot be used. Without it the first one is thrown. */
  readonly onSkip?: ((problem: EmbeddingError) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What `load` makes of each item, in the order of the items, several in work at once. What is ready waits for no item that
 * is still to come.
 *
 * @param load Its signal is aborted when nobody wants the rest. It rejects with an `EmbeddingError` for an item that
 *   cannot be used: `onSkip` then hears of it and the rest goes on.
 */
export async function* prefetch<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  load: (item: T, signal: AbortSignal) => Promise<R>,
  options: PrefetchOptions = {},
): AsyncGenerator<R> {
  expectFunction(load, 'prefetch: load');
  expectListeners(options, 'prefetch');
  const { ahead = 8, onProgress, onSkip, signal } = options;
  expectItems(items, 'prefetch');
  const unwanted = new AbortController();
  const either = signal ? AbortSignal.any([signal, unwanted.signal]) : unwanted.signal;
  const source = each(items);
  const inWork: Promise<R>[] = [];
  let pull: Promise<IteratorResult<T, void>> | undefined;
  let [ended, done] = [false, 0];
  let wake = (): void => {};
  const stop = (): void => wake();
  signal?.addEventListener('abort', stop);
  // What never comes is not waited for either. Each wait has a promise of its own: one for all would gather listeners.
  const orStopped = async <V>(value: Promise<V>): Promise<V> => {
    const stopped = new Promise<undefined>((resolve) => (wake = () => resolve(undefined)));
    if (signal?.aborted) wake();
    const first = await Promise.race([value, stopped]);
    checkSignal(signal);
    return first as V;
  };
  try {
    for (;;) {
      if (!ended && inWork.length < ahead) pull ??= source.next();
      const next = await orStopped(firstOf(pull, inWork[0]));
      if (next) {
        pull = undefined;
        if (next.done) ended = true;
        else inWork.push(begin(load(next.value, either)));
      } else if (inWork.length > 0) {
        const loaded = await orStopped(usable(inWork.shift()!, onSkip));
        onProgress?.(++done);
        yield* loaded;
      } else return;
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    unwanted.abort();
    const stopped = source.return();
    // A source that waits for an item, which may never come, is not waited for.
    if (pull) [pull, stopped].forEach((one) => one.catch(() => {}));
    else await stopped;
  }
}

async function* each<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, void> {
  yield* items;
}

/** The next item, or nothing when it has not come a turn after the first result. */
async function firstOf<T>(next: Promise<T> | undefined, ready: Promise<unknown> | undefined): Promise<T | undefined> {
  if (!next || !ready) return next;
  const later = async () => {
    await turn();
    return undefined;
  };
  return Promise.race([next, ready.then(later, later)]);
}

/** Its failure is told when its turn comes, and by then nobody may want it. */
function begin<R>(loading: Promise<R>): Promise<R> {
  loading.catch(() => {});
  return loading;
}

/** What arrives, or nothing where it fails and someone wants to know of it rather than to stop. */
export async function usable<T>(arriving: Promise<T>, onSkip: PrefetchOptions['onSkip']): Promise<readonly T[]> {
  try {
    return [await arriving];
  } catch (error) {
    if (!onSkip || !(error instanceof EmbeddingError)) throw error;
    onSkip(error);
    return [];
  }
}
