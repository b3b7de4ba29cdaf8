import { EmbeddingError } from '@diptych/core';
import { escapeRegExp } from './added-tokens.ts';
import { libraryClasses } from './library-classes.ts';
import { type Json, jsonArray, jsonObject, string } from './config-file.ts';
import { slowPattern } from './linear-pattern.ts';

/** Makes a part of a tokenizer from its entry in `tokenizer.json`. */
export type Maker<Part> = (config: Json, where: string) => Part;

/** The part of the type that an entry names. @throws {EmbeddingError} `UNSUPPORTED` when the table lacks it. */
export function component<Part>(makers: Readonly<Record<string, Maker<Part>>>, value: unknown, where: string): Part {
  const config = jsonObject(value, where);
  const type = string(config['type'], `${where}.type`);
  if (Object.hasOwn(makers, type)) return makers[type]!(config, where);
  const known = Object.keys(makers).join(', ');
  throw unsupported(where, `one of ${known}`, type.slice(0, 80));
}

/** Steps of a `Sequence` at most; those of published files have about ten. */
const maxSteps = 256;

/**
 * The parts of a `Sequence` and of sequences in it, in order; of anything else itself; none of `null`.
 *
 * @param list What a sequence calls its parts.
 * @throws {EmbeddingError} `UNSUPPORTED` for over 256 of them.
 */
export function steps<Part>(
  makers: Readonly<Record<string, Maker<Part>>>,
  list: 'normalizers' | 'pretokenizers' | 'processors',
  value: unknown,
  where: string,
): Part[] {
  const made: Part[] = [];
  let seen = 0;
  const add = (step: unknown, place: string): void => {
    if (++seen > maxSteps) throw unsupported(where, `at most ${maxSteps} steps`, 'more');
    if (step === null || step === undefined) return;
    const config = jsonObject(step, place);
    if (config['type'] !== 'Sequence') made.push(component(makers, config, place));
    else for (const [i, one] of jsonArray(config[list], place).entries()) add(one, `${place}[${i}]`);
  };
  add(value, where);
  return made;
}

/**
 * A `pattern` entry: `{ String }` as it stands, or `{ Regex }`, whose classes are those of the library. Never matches nothing.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a pattern that could take longer than linear in a text.
 */
export function pattern(value: unknown, where: string): RegExp {
  const config = jsonObject(value, where);
  if (config['String'] !== undefined) return literal(string(config['String'], where), where);
  const regex = string(config['Regex'], where);
  const slow = slowPattern(regex);
  if (slow !== undefined) throw unsupported(where, slow, regex.slice(0, 200));
  try {
    return new RegExp(libraryClasses(regex), 'gu');
  } catch (cause) {
    throw unsupported(where, 'a pattern that JavaScript has too', regex.slice(0, 200), cause);
  }
}

function literal(text: string, where: string): RegExp {
  if (text === '' || text.length > 1000) throw unsupported(where, '1 to 1000 characters', text.length);
  return new RegExp(escapeRegExp(text), 'gu');
}

function unsupported(where: string, expected: string, got: unknown, cause?: unknown): EmbeddingError {
  return new EmbeddingError('UNSUPPORTED', { where, expected, got }, { cause });
}
