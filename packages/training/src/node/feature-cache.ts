import { createHash, randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rows } from '@diptych/alignment';
import { encodeSafetensors, openSafetensors } from '@diptych/checkpoint';
import { checkSignal, expectText, turn } from '@diptych/core';
import { readFileBytes } from '@diptych/core/node';
import { makeFolder, onDisk } from '@diptych/files/node';

/** Rows that one frozen tower gave, on the disk, by the hashes of what they are of. All that are there are in memory. */
export interface FeatureCache {
  readonly get: (item: string) => Float32Array | undefined;
  /** Resolves when they are on the disk. */
  readonly add: (items: readonly string[], rows: Rows) => Promise<void>;
}

/** Files are named after the SHA-256 of their bytes, so that what is damaged shows, and none is ever changed. */
const named = /^([0-9a-f]{64})\.safetensors$/;
/** Some parts of rows, each far smaller. */
const readable = { code: 'INPUT_INVALID', maxBytes: 2 ** 28 } as const;

/**
 * The rows in a folder, which is made where it is missing. Runs may use one at once: each adds files of its own. A file that is
 * damaged is removed, and its rows are missing.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` with the path, where the disk refuses.
 */
export async function featureCache(folder: string, signal?: AbortSignal): Promise<FeatureCache> {
  expectText(folder, 'featureCache');
  const known = new Map<string, Float32Array>();
  await onDisk(folder, async () => {
    await makeFolder(folder);
    for (const name of await readdir(folder)) {
      await turn(signal);
      if (!named.test(name)) continue;
      const rows = await rowsIn(join(folder, name), named.exec(name)![1]!, signal);
      rows?.forEach((row, item) => known.set(item, row));
    }
  });
  return {
    get: (item) => known.get(item),
    async add(items, rows) {
      const own = remember(known, items, rows);
      if (items.length > 0) await onDisk(folder, async () => write(folder, items, own));
    },
  };
}

/** The same without a disk, for one run. */
export function memoryCache(): FeatureCache {
  const known = new Map<string, Float32Array>();
  return {
    get: (item) => known.get(item),
    add: async (items, rows) => void remember(known, items, rows),
  };
}

/** @returns The rows, which are the cache's own. */
function remember(known: Map<string, Float32Array>, items: readonly string[], { data, shape }: Rows): Rows {
  const own = Float32Array.from(data);
  const row = rowsOf(own, shape[1]);
  items.forEach((item, i) => known.set(item, row(i)));
  return { data: own, shape };
}

async function rowsIn(
  path: string,
  hash: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Float32Array> | undefined> {
  // What may not be read, or was removed meanwhile, is as good as none.
  const bytes = await readFileBytes(path, readable, signal).catch(() => undefined);
  checkSignal(signal);
  if (!bytes) return undefined;
  const rows = sha256(bytes) === hash ? await decoded(bytes, path).catch(() => undefined) : undefined;
  if (!rows) await rm(path, { force: true });
  return rows;
}

async function decoded(bytes: Uint8Array, name: string): Promise<ReadonlyMap<string, Float32Array>> {
  const file = await openSafetensors({ name, size: bytes.length, read: async (from, to) => bytes.subarray(from, to) });
  const rows = rowsOf((await file.read('rows')).data as Float32Array, file.shape('rows')[1]!);
  return new Map(
    file.metadata
      .get('items')!
      .split(' ')
      .map((item, i) => [item, rows(i)]),
  );
}

function rowsOf(data: Float32Array, width: number): (row: number) => Float32Array {
  return (row) => data.subarray(row * width, (row + 1) * width);
}

async function write(folder: string, items: readonly string[], rows: Rows): Promise<void> {
  const bytes = encodeSafetensors([['rows', rows]], { format: 'diptych-features', items: items.join(' ') });
  const path = join(folder, `${sha256(bytes)}.safetensors`);
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    const file = await open(partial, 'wx');
    await file.writeFile(bytes).finally(async () => file.close());
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

/** In hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
