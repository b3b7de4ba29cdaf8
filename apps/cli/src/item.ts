import { EmbeddingError, type ErrorCode } from '@diptych/core';

/** Something to embed, with the name that reports and outputs call it: a path, a URL, a text. */
export interface Item<T> {
  readonly name: string;
  readonly value: T;
}

/** Hears of each item that is left out, and why. */
export type OnFailure = (name: string, error: Error) => void;

const itemCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'IMAGE_INVALID',
  'IMAGE_TOO_LARGE',
  'INPUT_INVALID',
  'NETWORK',
  'NOT_FOUND',
  'UNSUPPORTED',
]);

/** Whether the fault is the item's own, an unreadable file or picture, rather than the model's or the machine's. */
export function isItemError(error: unknown): error is EmbeddingError {
  return error instanceof EmbeddingError && itemCodes.has(error.code);
}
