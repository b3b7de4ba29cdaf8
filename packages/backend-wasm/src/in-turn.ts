let last: Promise<unknown> = Promise.resolve();

/** Runs `task` after all earlier ones: tfjs has one current backend, and two switches at once would mix. */
export function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const result = last.then(task);
  last = result.catch(() => undefined);
  return result;
}
