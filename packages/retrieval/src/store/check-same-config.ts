import { EmbeddingError, quote } from '@diptych/core';
import type { StoreConfig } from '../store.ts';

/** @throws {EmbeddingError} `INPUT_INVALID` when a store was made with another configuration than it is opened with. */
export function checkSameConfig(where: string, found: unknown, config: Required<StoreConfig>): void {
  if (typeof found !== 'object' || found === null) {
    throw new EmbeddingError('INPUT_INVALID', { where, expected: 'the configuration of a store', got: quote(found) });
  }
  const made = found as Partial<StoreConfig>;
  for (const key of ['model', 'dim', 'precision', 'fields'] as const) {
    const [expected, got] = [text(config[key]), text(made[key])];
    if (expected !== got) {
      throw new EmbeddingError('INPUT_INVALID', { where, expected: `a store of ${key} ${expected}`, got });
    }
  }
}

/** The order of fields means nothing. */
function text(value: Partial<StoreConfig>[keyof StoreConfig] | null): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
