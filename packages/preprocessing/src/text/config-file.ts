import { EmbeddingError } from '@diptych/core';

/** A JSON object as read: nothing about its fields is known yet. */
export type Json = Readonly<Record<string, unknown>>;

/** A JSON file: its text, or what parsing gave. */
export type JsonFile = string | object;

/** @throws {EmbeddingError} `CONFIG_INVALID`: `where: expected what, got value`. */
export function invalid(where: string, expected: string, got: unknown): never {
  const shown = typeof got === 'string' ? `'${got}'` : (JSON.stringify(got) ?? String(got));
  throw new EmbeddingError('CONFIG_INVALID', `${where}: expected ${expected}, got ${shown.slice(0, 80)}`);
}

/** The object in a JSON file. `name` is for messages. */
export function jsonFile(file: JsonFile, name: string): Json {
  return jsonObject(typeof file === 'string' ? parse(file, name) : file, name);
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new EmbeddingError('CONFIG_INVALID', `${name}: expected JSON`, { cause });
  }
}

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

export function string(value: unknown, where: string): string {
  return typeof value === 'string' ? value : invalid(where, 'a string', value);
}
