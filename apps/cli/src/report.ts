import { EmbeddingError, withoutPasswords } from '@diptych/core';
import { oneLine } from './output/one-line.ts';
import type { Progress } from './progress.ts';

/** Hears of each item that is left out, by its name: a path, a URL, a text; and why. */
export type OnFailure = (name: string, error: Error) => void;

/** Names each failed item on stderr, as `path: CODE: message`, and counts them. */
export interface Report {
  readonly onFailure: OnFailure;
  readonly failures: () => number;
}

export function failureReport(progress: Progress): Report {
  let failures = 0;
  return {
    failures: () => failures,
    onFailure(name, error) {
      failures++;
      const code = error instanceof EmbeddingError ? `${error.code}: ` : '';
      const message = error.message.startsWith(`${name}: `) ? error.message.slice(name.length + 2) : error.message;
      progress.note(`diptych: ${oneLine(withoutPasswords(`${name}: ${code}${message}`))}`);
    },
  };
}
