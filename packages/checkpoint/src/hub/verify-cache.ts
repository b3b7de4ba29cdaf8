import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { statIfThere } from '../stat-if-there.ts';
import { contentHash } from './content-hash.ts';
import { modelFolder } from './disk-layout.ts';
import { hubEnvironment } from './environment.ts';
import { filesBelow, listCache } from './list-cache.ts';

/** One file of a cache, checked. */
export interface CheckedFile {
  /** `org/name` of its model. */
  readonly model: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What is wrong with it; absent when nothing is. */
  readonly problem?: string;
}

/**
 * Reads every content in a cache of the hub and compares it with the hash that it is named by; then finds links to
 * nothing. Unfinished downloads are left out.
 *
 * @param cacheFolder Default: as `hub` has it.
 */
export async function* verifyCache(
  cacheFolder: string = hubEnvironment(process.env).cacheFolder,
  signal?: AbortSignal,
): AsyncGenerator<CheckedFile, void, void> {
  for (const { name, revisions } of await listCache(cacheFolder)) {
    const folder = modelFolder(cacheFolder, name);
    for (const blob of await filesBelow(join(folder, 'blobs'))) {
      signal?.throwIfAborted();
      const checked = await checkBlob(join(folder, 'blobs', blob), blob, signal);
      if (checked) yield { model: name, ...checked };
    }
    for (const { commit, files } of revisions) {
      for (const file of files) {
        const path = join(folder, 'snapshots', commit, file);
        if (!(await statIfThere(path))) yield { model: name, path, size: 0, problem: 'a link to nothing' };
      }
    }
  }
}

async function checkBlob(
  path: string,
  hash: string,
  signal?: AbortSignal,
): Promise<Omit<CheckedFile, 'model'> | undefined> {
  const found = await statIfThere(path);
  const algorithm = /^[0-9a-f]{64}$/.test(hash) ? 'sha256' : /^[0-9a-f]{40}$/.test(hash) ? 'git-sha1' : undefined;
  if (!found || !algorithm) return undefined;
  const { size } = found;
  const digest = contentHash({ algorithm, size });
  for await (const chunk of createReadStream(path)) {
    signal?.throwIfAborted();
    digest.update(chunk as Uint8Array);
  }
  const got = digest.digest('hex');
  return got === hash ? { path, size } : { path, size, problem: `expected ${algorithm} ${hash}, got ${got}` };
}
