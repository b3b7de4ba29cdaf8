import { resolve } from 'node:path';
import type { Precision } from '@diptych/core';
import type { NamedRows } from '../embed-named.ts';
import type { Progress } from '../progress.ts';
import { exists } from './apply-changes.ts';
import type { ImageIndex } from './image-index.ts';
import type { Listed } from './list-images.ts';

/**
 * Embeds the listed files that are new or changed, batch by batch, and drops those that no longer exist. A file that
 * exists and is not listed keeps its row.
 */
export async function updateIndex(
  index: ImageIndex,
  folder: string,
  listed: ReadonlyMap<string, Listed>,
  embed: (paths: Iterable<string>) => AsyncIterable<NamedRows<Precision>>,
  progress: Progress,
): Promise<void> {
  await index.remove(await staleKeys(index, folder, listed));
  const wanted = new Map([...listed.values()].filter((file) => !index.has(file)).map((file) => [file.path, file]));
  const bar = progress.start('embedding', { total: wanted.size });
  try {
    let embedded = 0;
    for await (const { names, rows } of embed(wanted.keys())) {
      const entries = names.map((path) => wanted.get(path)!);
      await index.add(entries, rows);
      bar.update((embedded += names.length));
    }
  } finally {
    bar.stop();
  }
}

/** Keys of rows whose file changed or is gone. */
async function staleKeys(
  index: ImageIndex,
  folder: string,
  listed: ReadonlyMap<string, Listed>,
): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const key of index.keys) {
    const file = listed.get(key);
    if (file ? !index.has(file) : !(await exists(resolve(folder, key)))) stale.push(key);
  }
  return stale;
}
