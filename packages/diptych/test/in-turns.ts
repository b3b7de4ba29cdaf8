import { vi } from 'vitest';

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => (port1.close(), resolve()));
    port1.start();
    port2.postMessage(undefined);
  });
}

/** Work for which a millisecond is a turn of the event loop, however busy the machine is. */
export async function inTurns<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const state = { running: true };
    const result = work().finally(() => (state.running = false));
    result.catch(() => {});
    for (; state.running; vi.advanceTimersByTime(1)) await turn();
    return await result;
  } finally {
    vi.useRealTimers();
  }
}
