import { kindOf } from '@diptych/core';

/** What a thrown value says. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message || cause.name || 'the decoder failed';
  return typeof cause === 'string' && cause !== '' ? cause : `the decoder failed with ${kindOf(cause)}`;
}
