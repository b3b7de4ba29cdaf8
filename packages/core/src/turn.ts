/**
 * Resolves in a macrotask of its own: timers, events and other calls come in between. Between two pieces of a long
 * computation it lets a page paint and a signal arrive.
 *
 * Rejects with `signal.reason` when the signal is aborted by then.
 */
export async function turn(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else postTo(resolve); // A page's timers wait for milliseconds.
  });
  signal?.throwIfAborted();
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
