import { EmbeddingError } from '@diptych/core';

/**
 * Length of each part's vector, by the part's name, as `{ text: 512, image: 512 }`. What is learned for one part belongs
 * to its name; only what is learned for all of them together, as over `[x; y]`, takes them in this order.
 */
export type PartWidths<Part extends string> = Readonly<Record<Part, number>>;

/** What every operator of vectors has in common. */
export interface JointConfig<Part extends string> {
  readonly parts: PartWidths<Part>;
  /** Length of the joint vector. */
  readonly dim: number;
}

/** The lengths in order. */
export function widthsOf(parts: PartWidths<string>): number[] {
  return Object.values(parts);
}

/** A value for each part, by its name. */
export function eachPart<T>(parts: PartWidths<string>, value: (width: number) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(parts).map(([name, width]) => [name, value(width)]));
}

/**
 * The lengths for an operator that is defined for two parts.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for any other number of parts.
 */
export function pairOf(operator: string, parts: PartWidths<string>): [first: number, second: number] {
  const [first, second, ...others] = widthsOf(parts);
  if (first !== undefined && second !== undefined && others.length === 0) return [first, second];
  const message = `${operator}: expected two parts, got ${Object.keys(parts).join(', ') || 'none'}`;
  throw new EmbeddingError('CONFIG_INVALID', message);
}
