import { EmbeddingError } from '@diptych/core';
import type { Architecture } from 'diptych';
import type { Exports } from './import-package.ts';

interface Wanted<T> {
  /** What the user called the module. */
  readonly where: string;
  /** Name of the only export that counts. */
  readonly wanted?: string | undefined;
  readonly is: (value: unknown) => value is T;
  /** What is looked for. */
  readonly what: string;
}

/**
 * The exports of a kind.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` where there is none.
 */
export function exported<T>(exports: Exports, { where, wanted, is, what }: Wanted<T>): readonly T[] {
  const values = wanted === undefined ? Object.values(exports) : [exports[wanted]];
  const found = values.filter(is);
  if (found.length > 0) return found;
  const names = Object.keys(exports).join(', ') || 'none';
  throw new EmbeddingError('INPUT_INVALID', { where, expected: what, got: `exports: ${names}` });
}

export function isArchitecture(value: unknown): value is Architecture {
  const { name, open } = (value ?? {}) as Partial<Architecture>;
  return typeof name === 'string' && typeof open === 'function';
}
