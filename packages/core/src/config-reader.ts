import { expectMembers } from './arguments.ts';
import { EmbeddingError } from './error.ts';
import { isObject, type Json } from './parse-json.ts';
import { quote } from './quote.ts';

/** Typed access to one JSON object of a model's configuration. Every getter names the field when it is wrong. */
export interface ConfigReader {
  /** What errors call the object. */
  readonly where: string;
  /** Names of what it holds. */
  readonly fields: readonly string[];
  /** Whole number from 1 to `most`, by default 2^24. As with the others, an absent field without a fallback is an error. */
  count(field: string, fallback?: number, most?: number): number;
  /** List of at most 64 whole numbers from 1 to `most`, by default 2^24; empty where the field is absent. */
  counts(field: string, most?: number): readonly number[];
  /** Finite number. */
  number(field: string, fallback?: number): number;
  string(field: string, fallback?: string): string;
  flag(field: string, fallback?: boolean): boolean;
  /** A nested object; an empty one where the field is absent. */
  object(field: string): ConfigReader;
  /** What the string in a field stands for; the error names what could stand there. */
  choice<T>(field: string, choices: Readonly<Record<string, T>>, fallback?: string): T;
  has(field: string): boolean;
  /** Refuses every other field. */
  only(...fields: readonly string[]): void;
  /** What stands there, unchecked. */
  value(field: string): unknown;
}

/** Of what is made one by one when a network is built, as its layers are; published ones have a tenth. */
export const mostLayers = 1024;

/** Above every width, vocabulary and side of an image: two of them multiplied are exact, and no weight is as large. */
const mostCount = 2 ** 24;
const longestList = 64;

/** @param where What errors call the object, as `clip/config.json`. */
export function configReader(json: Json, where: string): ConfigReader {
  expectMembers(json, where);
  const value = (field: string) => (Object.hasOwn(json, field) ? json[field] : undefined);
  const read = <T>(field: string, fallback: T | undefined, expected: string, ok: (value: unknown) => boolean): T => {
    const found = value(field);
    const absent = found === undefined || found === null;
    if (absent && fallback !== undefined) return fallback;
    if (!absent && ok(found)) return found as T;
    const got = absent ? 'none' : quote(found);
    throw new EmbeddingError('CONFIG_INVALID', { where: `${where}: ${field}`, expected, got });
  };
  return {
    where,
    fields: Object.keys(json),
    count(field, fallback, most = mostCount) {
      const count = read(field, fallback, 'a whole number of at least 1', isCount);
      return read(field, count, `at most ${most}`, (found) => (found as number) <= most);
    },
    counts(field, most = mostCount) {
      const counts = read<readonly number[]>(field, [], 'a list of whole numbers of at least 1', isCounts);
      const few = () => counts.length <= longestList && counts.every((count) => count <= most);
      return read(field, counts, `at most ${longestList} numbers of at most ${most}`, few);
    },
    number: (field, fallback) => read(field, fallback, 'a number', Number.isFinite),
    string: (field, fallback) => read(field, fallback, 'a string', (v) => typeof v === 'string'),
    flag: (field, fallback) => read(field, fallback, 'true or false', (v) => typeof v === 'boolean'),
    object: (field) => configReader(read(field, {}, 'an object', isObject), `${where}: ${field}`),
    choice: (field, choices, fallback) => {
      const isChoice = (name: unknown) => typeof name === 'string' && Object.hasOwn(choices, name);
      return choices[read<string>(field, fallback, `one of ${Object.keys(choices).join(', ')}`, isChoice)]!;
    },
    only: (...fields) => {
      const other = Object.keys(json).find((field) => !fields.includes(field));
      if (other === undefined) return;
      const expected = `one of the fields ${fields.join(', ')}`;
      throw new EmbeddingError('CONFIG_INVALID', { where: `${where}: ${other}`, expected, got: 'another' });
    },
    has: (field) => value(field) !== undefined && value(field) !== null,
    value,
  };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isCounts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isCount);
}
