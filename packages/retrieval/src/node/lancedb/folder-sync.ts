import { open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Puts the files of a folder on the disk that were not there when it was last called. LanceDB syncs nothing, and never
 * changes a file that is there.
 */
export async function folderSync(folder: string): Promise<() => Promise<void>> {
  let known = new Set(await readdir(folder, { recursive: true }));
  return async () => {
    const there = await readdir(folder, { recursive: true });
    const added = there.filter((name) => !known.has(name));
    await Promise.all(added.map((name) => sync(join(folder, name))));
    await Promise.all([...new Set(added.map((name) => dirname(name)))].map((name) => sync(join(folder, name))));
    known = new Set(there);
  };
}

async function sync(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
