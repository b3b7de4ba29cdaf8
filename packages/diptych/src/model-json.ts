import type { ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError } from '@diptych/core';

/** A JSON object, as far as it is known before it is checked. */
export type Json = Readonly<Record<string, unknown>>;

/** A text file of a model, or `undefined` where there is none. UTF-8. */
export async function readText(files: ModelFiles, path: string, signal?: AbortSignal): Promise<string | undefined> {
  const bytes = await readBytes(files, path, signal);
  return bytes && new TextDecoder().decode(bytes);
}

/** Whether a model has a file, which is not fetched for that. */
export async function isThere(files: ModelFiles, path: string, signal?: AbortSignal): Promise<boolean> {
  return files.has ? files.has(path, signal) : (await files.open(path, signal)) !== undefined;
}

/** All of a file of a model, or `undefined` where there is none. */
export async function readBytes(
  files: ModelFiles,
  path: string,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const source = await files.open(path, signal);
  return source?.read(0, source.size, signal);
}

/** A JSON object of a model, or `undefined` where there is no such file. */
export async function readJson(files: ModelFiles, path: string, signal?: AbortSignal): Promise<Json | undefined> {
  const text = await readText(files, path, signal);
  return text === undefined ? undefined : parseObject(text, `${files.id}/${path}`);
}

/** A JSON object. `where` is for errors. */
export function parseObject(text: string, where: string): Json {
  const value = parse(text, where);
  if (!isObject(value)) throw new EmbeddingError('CONFIG_INVALID', `${where}: expected a JSON object`);
  return value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EmbeddingError('CONFIG_INVALID', `${where}: expected JSON, got '${text.slice(0, 40)}'`, { cause });
  }
}
