import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { configReader, type ConfigReader } from 'diptych';

/** A JSON object, as far as it is known before it is checked. */
export type Json = Readonly<Record<string, unknown>>;

/** A configuration and the file that it came from, where its paths start. */
export interface ConfigFile {
  readonly json: Json;
  readonly reader: ConfigReader;
  readonly folder: string;
}

/** @throws {EmbeddingError} `NOT_FOUND` or `CONFIG_INVALID`. */
export async function readConfig(path: string): Promise<ConfigFile> {
  if (!existsSync(path)) throw new EmbeddingError('NOT_FOUND', `${path}: expected a configuration, found no file`);
  const json = parsed(await readFile(path, 'utf8'), path);
  return { json, reader: configReader(json, basename(path)), folder: dirname(resolve(path)) };
}

function parsed(text: string, path: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EmbeddingError('CONFIG_INVALID', `${path}: expected JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new EmbeddingError('CONFIG_INVALID', `${path}: expected a JSON object`);
}

/**
 * The path in a field, from the folder of the configuration.
 *
 * @throws {EmbeddingError} `NOT_FOUND` with the field where nothing is there.
 */
export function pathIn(reader: ConfigReader, field: string, folder: string): string {
  const path = resolve(folder, reader.string(field));
  if (existsSync(path)) return path;
  throw new EmbeddingError(
    'NOT_FOUND',
    `${reader.where}: ${field}: expected a file or folder, found none at '${path}'`,
  );
}

/** The same, where the field is there. */
export function optionalPath(reader: ConfigReader, field: string, folder: string): string | undefined {
  return reader.has(field) ? pathIn(reader, field, folder) : undefined;
}

/** @throws {EmbeddingError} `CONFIG_INVALID` with the field for a number below `low`. */
export function atLeast(low: number, reader: ConfigReader, field: string, fallback?: number): number {
  const value = reader.number(field, fallback);
  if (value >= low) return value;
  throw new EmbeddingError(
    'CONFIG_INVALID',
    `${reader.where}: ${field}: expected a number of at least ${low}, got ${value}`,
  );
}
