/** Maps in order, one ahead: the next result is under way while the caller works on the last. */
export async function* mapAhead<T, R>(items: AsyncIterable<T>, map: (item: T) => Promise<R>): AsyncGenerator<R> {
  let next: Promise<R> | undefined;
  try {
    for await (const item of items) {
      const ready = next;
      next = map(item);
      next.catch(() => {}); // Reported when it is awaited below, or given up with the loop.
      if (ready) yield await ready;
    }
    if (next) yield await next;
  } finally {
    await next?.catch(() => {});
  }
}
