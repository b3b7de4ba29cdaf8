/** Takes a place of some size, once there is room; the function it gives returns the place. */
export type Enter = (size: number, signal?: AbortSignal) => Promise<() => void>;

interface Waiting {
  readonly size: number;
  readonly enter: () => void;
}

/**
 * Room for so much at a time, in the order of asking. What is larger than all the room waits until it is alone.
 *
 * Who waits rejects with `signal.reason` when aborted.
 */
export function room(size: number): Enter {
  const waiting: Waiting[] = [];
  let used = 0;
  const admit = () => {
    for (let [first] = waiting; first && (used === 0 || used + first.size <= size); [first] = waiting) {
      waiting.shift();
      used += first.size;
      first.enter();
    }
  };
  return async (wanted, signal) => {
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const place = { size: wanted, enter };
      const leave = () => {
        waiting.splice(waiting.indexOf(place), 1);
        reject(signal!.reason as Error);
        admit();
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(place);
      admit();
    });
    return () => {
      used -= wanted;
      admit();
    };
  };
}
