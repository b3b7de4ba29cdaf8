import { EmbeddingError, expectFields, expectMembers } from '@diptych/core';

/**
 * Length of each part's vector, by the part's name, as `{ text: 512, image: 512 }`, in whatever order. What is learned for
 * one part belongs to its name; what is learned for all of them together, as over `[x; y]`, takes them in the order of
 * their names.
 */
export type PartWidths<Part extends string> = Readonly<Record<Part, number>>;

/** What every operator of vectors has in common. */
export interface JointConfig<Part extends string> {
  readonly parts: PartWidths<Part>;
  /** Length of the joint vector. */
  readonly dim: number;
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what is no config, `CONFIG_INVALID` for a length that is no whole number from 1. */
export function checkConfig<C extends JointConfig<string>>(config: C): C {
  expectMembers(config, 'fusion: config', 'parts', 'dim');
  const lengths = [
    ['dim', config.dim] as const,
    ...namesOf(config.parts).map((name) => [`part '${name}'`, config.parts[name]] as const),
  ];
  const wrong = lengths.find(([, length]) => !(Number.isSafeInteger(length) && length! >= 1));
  if (!wrong) return config;
  throw new EmbeddingError('CONFIG_INVALID', {
    where: `fusion: ${wrong[0]}`,
    expected: 'a whole number from 1',
    got: wrong[1],
  });
}

/** The names of parts, by their code units: the order of the parts wherever one is needed. */
export function namesOf<Part extends string>(parts: Readonly<Record<Part, unknown>>): Part[] {
  expectFields(parts, 'fusion: parts');
  return (Object.keys(parts) as Part[]).toSorted();
}

/** What parts have, in the order of their names. */
export function valuesOf<T>(parts: Readonly<Record<string, T>>): T[] {
  return namesOf(parts).map((name) => parts[name]!);
}

/** A value for each part, by its name. */
export function eachPart<T>(parts: PartWidths<string>, value: (width: number) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(namesOf(parts).map((name) => [name, value(parts[name]!)]));
}

/**
 * The lengths for an operator that is defined for two parts, in the order of their names.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for any other number of parts.
 */
export function pairOf(operator: string, parts: PartWidths<string>): [first: number, second: number] {
  const [first, second, ...others] = valuesOf(parts);
  if (first !== undefined && second !== undefined && others.length === 0) return [first, second];
  throw new EmbeddingError('CONFIG_INVALID', {
    where: operator,
    expected: 'two parts',
    got: namesOf(parts).join(', ') || 'none',
  });
}
