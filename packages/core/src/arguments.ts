import type { Precision } from './embeddings.ts';
import { EmbeddingError } from './error.ts';
import type { JsonKind } from './judge-json.ts';
import { quote } from './quote.ts';
import type { WeightType } from './weight-store.ts';

const precisions: readonly string[] = ['float32', 'int8', 'uint8', 'binary', 'ubinary'] satisfies readonly Precision[];

/**
 * @returns The value.
 * @throws {EmbeddingError} `INPUT_INVALID` for an argument that is no object, or lacks a member.
 */
export function expectMembers<T>(value: T, where: string, ...members: readonly string[]): T {
  if (typeof value === 'object' && value !== null && members.every((name) => name in value)) return value;
  const expected = members.length === 0 ? 'an object' : `an object with ${members.join(', ')}`;
  throw wrong(where, expected, value);
}

/** @throws {EmbeddingError} `UNSUPPORTED` for what was written for another version of a contract of ours, or for none. */
export function expectVersion(value: unknown, where: string, contract: string): void {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (version === 1) return;
  throw new EmbeddingError('UNSUPPORTED', { where, expected: `version 1 of ${contract}`, got: quote(version) });
}

/** @throws {EmbeddingError} `INPUT_INVALID` with its name for an argument that is no object. */
export function expectObjects(given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(expectMembers(given, 'arguments'))) expectMembers(value, name);
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what has no fields by name: no list, and no array of numbers. */
export function expectFields(value: unknown, where: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)) return;
  throw wrong(where, 'an object', value);
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what is no rows: values, and their shape of two sides. */
export function expectRows(value: unknown, where: string): void {
  const { data, shape } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const isList = Array.isArray(data) || (ArrayBuffer.isView(data) && !(data instanceof DataView));
  if (isList && Array.isArray(shape) && shape.length === 2 && shape.every(isCount)) return;
  throw wrong(where, 'rows, { data, shape: [n, dim] }', value);
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what has no length: an array of numbers is one, a `DataView` is none. */
export function expectList(value: unknown, where: string): void {
  if (typeof value === 'object' && value !== null && 'length' in value && isCount(value.length)) return;
  throw wrong(where, 'a list', value);
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what gives no items; a string gives letters, which nobody means. */
export function expectItems(value: unknown, where: string): void {
  const from = typeof value === 'object' && value !== null ? value : {};
  if (Symbol.iterator in from || Symbol.asyncIterator in from) return;
  throw wrong(where, 'a list of items', value);
}

/** @throws {EmbeddingError} `INPUT_INVALID` with the index for what is no list of strings. */
export function expectTexts(value: unknown, where: string): void {
  if (!Array.isArray(value)) throw wrong(where, 'a list of strings', value);
  value.forEach((text, i) => expectText(text, `${where}[${i}]`));
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what is no string. */
export function expectText(value: unknown, where: string): void {
  if (typeof value !== 'string') throw wrong(where, 'a string', value);
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what cannot be called. */
export function expectFunction(value: unknown, where: string): void {
  if (typeof value !== 'function') throw wrong(where, 'a function', value);
}

/**
 * Before each piece of what is long; undefined never stops it.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what is no signal; the reason of one that is aborted.
 */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal !== undefined) expectMembers(signal, 'signal', 'throwIfAborted').throwIfAborted();
}

/**
 * What options of long calls have in common; undefined is none.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a signal that is none, and for listeners that are no functions.
 */
export function expectListeners(options: object, where: string): void {
  const given = expectMembers(options, `${where}: options`) as Readonly<Record<string, unknown>>;
  if (given['signal'] !== undefined) expectMembers(given['signal'], `${where}: signal`, 'throwIfAborted');
  for (const name of ['onProgress', 'onSkip']) {
    if (given[name] !== undefined) expectFunction(given[name], `${where}: ${name}`);
  }
}

/**
 * Refuses a file before it is read.
 *
 * @throws {EmbeddingError} with the code of its kind.
 */
export function checkSize(bytes: number, where: string, kind: Pick<JsonKind, 'code' | 'maxBytes'>): void {
  const { code, maxBytes } = expectMembers(kind, where, 'code', 'maxBytes');
  if (bytes <= maxBytes) return;
  throw new EmbeddingError(code, { where, expected: `at most ${maxBytes} bytes`, got: bytes });
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a precision that there is not. */
export function expectPrecision(value: unknown, where: string): void {
  if (typeof value === 'string' && precisions.includes(value)) return;
  throw wrong(where, `a precision of ${precisions.join(', ')}`, value);
}

const dtypes: readonly string[] = ['float32', 'int16', 'int8'] satisfies readonly WeightType[];

/** What others call types, and which of ours is nearest. */
const nearestDtype = new Map([
  ['fp32', 'float32'],
  ['fp16', 'int16'],
  ...['q8', 'uint8', 'q4', 'q4f16', 'bnb4'].map((name) => [name, 'int8'] as const),
]);

/** @throws {EmbeddingError} `INPUT_INVALID` for a type of weights that there is not; for one of transformers.js with ours. */
export function expectDtype(value: unknown, where: string): void {
  if (typeof value === 'string' && dtypes.includes(value)) return;
  const nearest = nearestDtype.get(value as string);
  throw new EmbeddingError('INPUT_INVALID', {
    where,
    expected: `one of ${dtypes.join(', ')}`,
    got: kindOf(value),
    ...(nearest !== undefined && { cure: `${String(value)} of transformers.js is nearest to ${nearest}` }),
  });
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function wrong(where: string, expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where, expected, got: kindOf(got) });
}

/** What a value is, for a message: never empty, never `[object Object]`. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return `the string '${value.slice(0, 40)}'`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name && name !== 'Object'
    ? `a ${name}`
    : `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'nothing'}`;
}
