import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EmbeddingError } from '@diptych/core';
import { resolve } from 'import-meta-resolve';

export type Exports = Readonly<Record<string, unknown>>;

/** `name`, `@scope/name` or `@scope/name/path`, and `#export` behind it. */
const packagePattern = /^(@[\w.-]+\/[\w.-]+(?:\/[\w./-]+)?|[\w-][\w.-]*)(?:#(\w+))?$/;

/** The name of a package and of one of its exports, where that is what a text can be: no path, and no folder or file. */
export function packageIn(text: string): { readonly name: string; readonly wanted?: string } | undefined {
  const [, name, wanted] = packagePattern.exec(text) ?? [];
  return name === undefined || existsSync(text) || /\.[cm]?[jt]s$/.test(name) ? undefined : { name, wanted };
}

/**
 * What a package exports: the one that is installed in the user's folder or above, else one of ours.
 *
 * @throws {EmbeddingError} `NOT_FOUND` where there is neither, `INPUT_INVALID` when it cannot be imported.
 */
export async function importPackage(name: string, folder: string): Promise<Exports> {
  const theirs = resolved(name, pathToFileURL(join(folder, 'package.json')).href);
  const ours = resolved(name, import.meta.url);
  if (theirs instanceof Error && ours instanceof Error) {
    const expected = `a file or folder, or a package installed in '${folder}' or above`;
    const cure = name.startsWith('@')
      ? `npm install ${name.split('/', 2).join('/')}`
      : 'models of the hub are org/name';
    throw new EmbeddingError('NOT_FOUND', { where: name, expected, got: 'none', cure }, { cause: theirs });
  }
  return importModule(theirs instanceof Error ? name : theirs, name);
}

/** @throws {EmbeddingError} `INPUT_INVALID` when it cannot be imported. */
export async function importModule(specifier: string, where: string): Promise<Exports> {
  try {
    return (await import(specifier)) as Exports;
  } catch (cause) {
    throw new EmbeddingError('INPUT_INVALID', { where, expected: 'what can be imported', got: cause }, { cause });
  }
}

function resolved(name: string, parent: string): string | Error {
  try {
    return resolve(name, parent);
  } catch (error) {
    return error as Error;
  }
}
