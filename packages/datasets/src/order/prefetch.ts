import { type ReadOptions, usable } from '../read-samples.ts';

export interface PrefetchOptions extends Pick<ReadOptions, 'onSkip' | 'signal'> {
  /** Items in work at once, at least 1. Default 8. */
  readonly ahead?: number;
  /** Items handed out or left out so far. */
  readonly onProgress?: (done: number) => void;
}

/**
 * What `load` makes of each item, in the order of the items, several in work at once.
 *
 * @param load Its signal is aborted when nobody wants the rest. It rejects with an `EmbeddingError` for an item that
 *   cannot be used: `onSkip` then hears of it and the rest goes on.
 */
export async function* prefetch<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  load: (item: T, signal: AbortSignal) => Promise<R>,
  { ahead = 8, onProgress, onSkip, signal }: PrefetchOptions = {},
): AsyncGenerator<R> {
  const unwanted = new AbortController();
  const either = signal ? AbortSignal.any([signal, unwanted.signal]) : unwanted.signal;
  const inWork: Promise<R>[] = [];
  let done = 0;
  const first = async function* (): AsyncGenerator<R> {
    const loaded = await usable(inWork.shift()!, onSkip);
    signal?.throwIfAborted();
    done++;
    onProgress?.(done);
    yield* loaded;
  };
  try {
    for await (const item of items) {
      signal?.throwIfAborted();
      inWork.push(begin(load(item, either)));
      if (inWork.length >= ahead) yield* first();
    }
    while (inWork.length > 0) yield* first();
  } finally {
    unwanted.abort();
  }
}

/** Its failure is told when its turn comes, and by then nobody may want it. */
function begin<R>(loading: Promise<R>): Promise<R> {
  loading.catch(() => {});
  return loading;
}
