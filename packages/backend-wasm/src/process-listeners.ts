const events = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Runs `task` and takes back the process-wide handlers that emscripten installs in Node: they would end a program that
 * handles its own rejections, and report every uncaught error as if it came from tfjs.
 */
export async function keepProcessListeners<T>(task: () => Promise<T>): Promise<T> {
  const process = globalThis.process as NodeJS.EventEmitter | undefined;
  const before = new Set(events.flatMap((event) => process?.listeners?.(event) ?? []));
  try {
    return await task();
  } finally {
    for (const event of events) {
      const added = (process?.listeners?.(event) ?? []).filter((listener) => !before.has(listener));
      for (const listener of added.filter(isEmscripten)) process?.removeListener(event, listener as () => void);
    }
  }
}

/** What others install meanwhile stays. */
function isEmscripten(listener: unknown): boolean {
  return /throw (ex|reason)\b/.test(String(listener));
}
