import { checkSize, configJson, type Json, type JsonKind, parseJsonObject } from '@diptych/core';
import type { ByteSource, Files } from '@diptych/files';

export type { Json };

/** How large a file may be, and what else is thrown. */
export type FileLimit = Pick<JsonKind, 'code' | 'maxBytes'>;

/** A text file of a model, or `undefined` where there is none. UTF-8. */
export async function readText(
  files: Files,
  path: string,
  signal?: AbortSignal,
  limit?: FileLimit,
): Promise<string | undefined> {
  const bytes = await readBytes(files, path, signal, limit);
  return bytes && new TextDecoder().decode(bytes);
}

/** Whether a model has a file, which is not fetched for that. */
export async function isThere(files: Files, path: string, signal?: AbortSignal): Promise<boolean> {
  return files.has ? files.has(path, signal) : (await files.open(path, signal)) !== undefined;
}

/**
 * All of a file of a model, or `undefined` where there is none.
 *
 * @param limit Default that of a configuration.
 * @throws {EmbeddingError} with the code of the limit for a larger file, before it is read.
 */
export async function readBytes(
  files: Files,
  path: string,
  signal?: AbortSignal,
  limit: FileLimit = configJson,
): Promise<Uint8Array | undefined> {
  const source = await files.open(path, signal);
  return source && bytesOf(source, `${files.id}/${path}`, signal, limit);
}

/** All of an open file of a model, as `readBytes` gives it. */
export async function bytesOf(
  source: ByteSource,
  where: string,
  signal?: AbortSignal,
  limit: FileLimit = configJson,
): Promise<Uint8Array> {
  checkSize(source.size, where, limit);
  return source.read(0, source.size, signal);
}

/** A JSON object of a model, or `undefined` where there is no such file. */
export async function readJson(files: Files, path: string, signal?: AbortSignal): Promise<Json | undefined> {
  const bytes = await readBytes(files, path, signal);
  return bytes && parseJsonObject(bytes, `${files.id}/${path}`);
}
