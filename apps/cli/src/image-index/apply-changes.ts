import { access } from 'node:fs/promises';
import type { Precision } from '@diptych/core';
import type { NamedRows } from '../embed-named.ts';
import type { OnFailure } from '../report.ts';
import type { ImageIndex } from './image-index.ts';
import { keyOf, type Listed, listImages } from './list-images.ts';

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
}

/** Looks at files of which it was told, and no others; each change is on the disk when it is told of. */
export async function* applyChanges(
  paths: readonly string[],
  { index, folder, embed, onFailure }: Changing,
): AsyncGenerator<Change> {
  const there: string[] = [];
  for (const path of paths) {
    const isThere = await exists(path);
    if (isThere) there.push(path);
    else if (index.knows(keyOf(folder, path))) {
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
  for await (const { names, rows } of embed(wanted.keys())) {
    const files = names.map((path) => wanted.get(path)!);
    await index.add(files, rows);
    for (const { path, isKnown } of files) yield { event: isKnown ? 'changed' : 'added', path };
  }
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
