import { access } from 'node:fs/promises';
import type { Precision } from '@diptych/core';
import type { NamedRows } from '../embed-named.ts';
import type { OnFailure } from '../report.ts';
import type { ImageIndex } from './image-index.ts';
import { keyOf, type Listed, listImages } from './list-images.ts';
import type { RenamedRows } from './renamed-rows.ts';

/** What an index took over. */
export interface Change {
  readonly event: 'added' | 'changed' | 'removed';
  readonly path: string;
}

export interface Changing {
  readonly index: ImageIndex;
  /** Of the index. */
  readonly folder: string;
  readonly embed: (paths: Iterable<string>) => AsyncIterable<NamedRows<Precision>>;
  readonly onFailure: OnFailure;
  readonly renamed: RenamedRows;
}

/**
 * Looks at files of which it was told, and no others; each change is on the disk when it is told of. A file that was renamed
 * keeps its row.
 */
export async function* applyChanges(
  paths: readonly string[],
  { index, folder, embed, onFailure, renamed }: Changing,
): AsyncGenerator<Change> {
  const there: string[] = [];
  for (const path of paths) {
    const isThere = await exists(path);
    if (isThere) there.push(path);
    else if (index.knows(keyOf(folder, path))) {
      await renamed.keep(keyOf(folder, path));
      await index.remove([keyOf(folder, path)]);
      yield { event: 'removed', path };
    }
  }
  const wanted = new Map<string, Listed & { readonly isKnown: boolean }>();
  for (const file of (await listImages(there, folder, onFailure)).values()) {
    if (!index.has(file)) wanted.set(file.path, { ...file, isKnown: index.knows(file.key) });
  }
  // One that cannot be read any more has no row; one that is being embedded is embedded again after a crash.
  await index.remove([...wanted.values()].filter(({ isKnown }) => isKnown).map(({ key }) => key));
  const taken = async function* (): AsyncGenerator<NamedRows<Precision>> {
    const others: string[] = [];
    for (const [path, file] of wanted) {
      const row = await renamed.take(file);
      if (row) yield { names: [path], rows: row };
      else others.push(path);
    }
    if (others.length > 0) yield* embed(others);
  };
  for await (const { names, rows } of taken()) {
    const files = names.map((path) => wanted.get(path)!);
    await index.add(files, rows);
    for (const file of files) {
      renamed.note(file);
      yield { event: file.isKnown ? 'changed' : 'added', path: file.path };
    }
  }
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
