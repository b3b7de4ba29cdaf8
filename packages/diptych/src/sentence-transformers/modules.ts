import { type ModelFiles } from '@diptych/checkpoint';
import { EmbeddingError } from '@diptych/core';
import { isObject, readText } from '../model-json.ts';

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
export async function readModules(files: ModelFiles, signal?: AbortSignal): Promise<readonly Module[] | undefined> {
  const text = await readText(files, 'modules.json', signal);
  if (text === undefined) return undefined;
  const list = parseList(text);
  if (!list?.every(isModule)) {
    const expected = 'a list of modules with a type and a path';
    throw new EmbeddingError(
      'CONFIG_INVALID',
      `${files.id}/modules.json: expected ${expected}, got ${text.slice(0, 80)}`,
    );
  }
  return list.map(({ type, path }) => ({
    type: type.split('.').at(-1)!,
    own: !type.startsWith('sentence_transformers.'),
    path,
  }));
}

function parseList(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isModule(value: unknown): value is Pick<Module, 'type' | 'path'> {
  return isObject(value) && typeof value['type'] === 'string' && typeof value['path'] === 'string';
}
