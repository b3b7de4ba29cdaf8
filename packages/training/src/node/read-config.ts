import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { configJson, configReader, type ConfigReader, EmbeddingError, type Json, parseJsonObject } from '@diptych/core';
import { readFileBytes } from '@diptych/core/node';

/** A configuration and the file that it came from, where its paths start. */
export interface ConfigFile {
  readonly json: Json;
  readonly reader: ConfigReader;
  readonly folder: string;
}

/** @throws {EmbeddingError} `NOT_FOUND` or `CONFIG_INVALID`. */
export async function readConfig(path: string): Promise<ConfigFile> {
  if (!existsSync(path))
    throw new EmbeddingError('NOT_FOUND', { where: path, expected: 'a configuration', got: 'no file' });
  const bytes = await readFileBytes(path, configJson);
  const json = parseJsonObject(bytes, path);
  return { json, reader: configReader(json, basename(path)), folder: dirname(resolve(path)) };
}

/**
 * The path in a field, from the folder of the configuration.
 *
 * @throws {EmbeddingError} `NOT_FOUND` with the field where nothing is there.
 */
export function pathIn(reader: ConfigReader, field: string, folder: string): string {
  const path = resolve(folder, reader.string(field));
  if (existsSync(path)) return path;
  throw new EmbeddingError('NOT_FOUND', {
    where: `${reader.where}: ${field}`,
    expected: 'a file or folder',
    got: `none at '${path}'`,
  });
}

/** The same, where the field is there. */
export function optionalPath(reader: ConfigReader, field: string, folder: string): string | undefined {
  return reader.has(field) ? pathIn(reader, field, folder) : undefined;
}
