import { EmbeddingError, type Json, type JsonKind, parseJson, quote } from '@diptych/core';

export type { Json };

/** A JSON file: its text, or what parsing gave. */
export type JsonFile = string | object;

/** @throws {EmbeddingError} `CONFIG_INVALID`: `where: expected what, got value`. */
export function invalid(where: string, expected: string, got: unknown): never {
  const shown = typeof got === 'string' ? `'${got.slice(0, 80)}'` : quote(got);
  throw new EmbeddingError('CONFIG_INVALID', { where, expected, got: shown });
}

/** The object in a JSON file. `name` is for messages. */
export function jsonFile(file: JsonFile, name: string): Json {
  return jsonObject(typeof file === 'string' ? parseJson(file, name, tokenizerJson) : file, name);
}

/** Of the largest published ones, 262,144 tokens and 514,906 merges, each more than twice. */
const tokenizerJson: JsonKind = { code: 'CONFIG_INVALID', maxBytes: 2 ** 27, maxValues: 2 ** 22 };

export function jsonObject(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) invalid(where, 'an object', value);
  return value as Json;
}

export function jsonArray(value: unknown, where: string): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : invalid(where, 'an array', value);
}

/** An integer of at least `min`. */
export function integer(value: unknown, where: string, min = 0): number {
  const ok = typeof value === 'number' && Number.isSafeInteger(value) && value >= min;
  return ok ? value : invalid(where, `an integer of at least ${min}`, value);
}

/** No vocabulary has 67 million tokens; pairs of ids below that are one exact number. */
const maxTokens = 2 ** 26;

export function isTokenId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < maxTokens;
}

export function tokenId(value: unknown, where: string): number {
  return isTokenId(value) ? value : invalid(where, `an id below ${maxTokens}`, value);
}

export function string(value: unknown, where: string): string {
  return typeof value === 'string' ? value : invalid(where, 'a string', value);
}
