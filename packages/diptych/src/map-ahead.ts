/** What is under way. */
export interface Ahead<R> {
  readonly result: Promise<R>;
  /** Resolves when the rest happens beside the caller's work, or when there is no rest. */
  readonly started: () => Promise<unknown>;
}

/** Maps in order, one ahead: the next result is under way while the caller works on the last, even without a pause. */
export async function* mapAhead<T, R>(items: AsyncIterable<T>, map: (item: T) => Ahead<R>): AsyncGenerator<R> {
  let next: Ahead<R> | undefined;
  try {
    for await (const item of items) {
      const ready = next;
      next = map(item);
      next.result.catch(() => {}); // Reported when it is awaited below, or given up with the loop.
      if (!ready) continue;
      await next.started();
      yield await ready.result;
    }
    if (next) yield await next.result;
  } finally {
    await next?.result.catch(() => {});
  }
}

/** Waits for the first of some promises, or so many milliseconds. */
export async function atMost(milliseconds: number, first: readonly Promise<unknown>[]): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([...first, late]);
  clearTimeout(timer);
}
