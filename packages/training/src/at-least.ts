import { type ConfigReader, EmbeddingError } from '@diptych/core';

/** @throws {EmbeddingError} `CONFIG_INVALID` with the field for a number below `low`. */
export function atLeast(low: number, reader: ConfigReader, field: string, fallback?: number): number {
  const value = reader.number(field, fallback);
  if (value >= low) return value;
  throw new EmbeddingError('CONFIG_INVALID', {
    where: `${reader.where}: ${field}`,
    expected: `a number of at least ${low}`,
    got: value,
  });
}
