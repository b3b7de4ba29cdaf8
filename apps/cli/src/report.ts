import { EmbeddingError, withoutPasswords } from '@diptych/core';
import type { OnFailure } from './on-failure.ts';
import { oneLine } from './output/one-line.ts';
import type { Progress } from './progress.ts';

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
