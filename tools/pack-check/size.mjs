import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of one installed package, without the packages nested in it. */
export async function packageSize(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return (await stat(path)).size;
    return entry.name === 'node_modules' ? 0 : packageSize(path);
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
