import { setTimeout } from 'node:timers/promises';
import { checkSignal } from '@diptych/core';

export interface PersistenceOptions {
  /** Who is asked, as notes have it. */
  readonly name: string;
  /** Whether asking again may help. */
  readonly isPassing: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told once of silence, and once of its end. */
  readonly onNote?: ((line: string) => void) | undefined;
}

const firstWaitMs = 100;
const longestWaitMs = 5000;

/** Calls again, later and later, until there is an answer or the signal is aborted; an error that does not pass is thrown. */
export function persistence(options: PersistenceOptions): <T>(call: () => Promise<T>) => Promise<T> {
  const { name, isPassing, signal, onNote = () => {} } = options;
  let isSilent = false;
  return async (call) => {
    for (let wait = firstWaitMs; ; wait = Math.min(2 * wait, longestWaitMs)) {
      checkSignal(signal);
      try {
        const result = await call();
        if (isSilent) onNote(`${name} answers again`);
        isSilent = false;
        return result;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (!isSilent) onNote(`${name} does not answer (${(error as Error).message}); trying again`);
        isSilent = true;
      }
      await setTimeout(wait, undefined, { signal }).catch(() => {}); // Looked at next.
    }
  };
}
