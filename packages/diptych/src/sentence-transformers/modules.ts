import { EmbeddingError, isObject, parseJson, quote } from '@diptych/core';
import type { Files } from '@diptych/files';
import { readBytes } from '../model-json.ts';

const file = 'modules.json';

/** One step of a sentence-transformers model. */
export interface Module {
  /** Last part of the Python class, as `Pooling`. */
  readonly type: string;
  /** Whether the class is code of the model itself. */
  readonly own: boolean;
  /** Folder with its configuration; empty for the model's own. */
  readonly path: string;
}

/** `modules.json`, in order, or `undefined` where there is none. */
export async function readModules(files: Files, signal?: AbortSignal): Promise<readonly Module[] | undefined> {
  const bytes = await readBytes(files, file, signal);
  if (!bytes) return undefined;
  const where = `${files.id}/${file}`;
  const list = parseJson(bytes, where);
  if (!Array.isArray(list) || !list.every(isModule)) {
    const expected = 'a list of modules with a type and a path';
    throw new EmbeddingError('CONFIG_INVALID', { where, expected, got: quote(list) });
  }
  return list.map(({ type, path }) => ({
    type: type.split('.').at(-1)!,
    own: !type.startsWith('sentence_transformers.'),
    path,
  }));
}

function isModule(value: unknown): value is Pick<Module, 'type' | 'path'> {
  return isObject(value) && typeof value['type'] === 'string' && typeof value['path'] === 'string';
}
