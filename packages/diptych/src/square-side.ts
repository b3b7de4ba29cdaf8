import { type ConfigReader, EmbeddingError, quote } from '@diptych/core';

/** A side in pixels, where it is said once or for height and width alike. */
export function squareSide(tower: ConfigReader, field: string, fallback: number): number {
  const sides = tower.value(field);
  if (!Array.isArray(sides)) return tower.count(field, fallback);
  const [side, ...others] = tower.counts(field);
  if (side !== undefined && others.length === 1 && others[0] === side) return side;
  const got = quote(sides);
  throw new EmbeddingError('UNSUPPORTED', {
    where: `${tower.where}: ${field}`,
    expected: 'one side or two alike',
    got,
  });
}
