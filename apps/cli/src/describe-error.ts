import { EmbeddingError } from '@diptych/core';
import { Interrupted } from './io.ts';

/** One line for people: code and message where they were foreseen, the stack where it is our mistake. */
export function describeError(error: unknown): string {
  if (error instanceof EmbeddingError) return `${error.code}: ${error.message}`;
  if (error instanceof Interrupted) return error.message;
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? error.message : (error.stack ?? error.message);
}
