import { checkSignal, expectMembers } from '@diptych/core';
import { readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openFile } from '@diptych/core/node';
import { statIfThere } from '../stat-if-there.ts';
import type { CheckedFile, Link } from './checked-file.ts';
import { contentHash } from './content-hash.ts';
import { modelFolder } from './disk-layout.ts';
import { cacheFolderOf } from './environment.ts';
import { filesBelow, listCache, type CachedModel } from './list-cache.ts';
import { repairFile } from './repair-file.ts';

export interface VerifyOptions {
  /** Default: as `hub` has it. */
  readonly cacheFolder?: string;
  /** `org/name` of the only model to check. Default all. */
  readonly model?: string;
  /** Downloads again what is damaged. What cannot be downloaded stays as it is. Default `false`. */
  readonly repair?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads every content in a cache of the hub and compares it with the hash that it is named by; then finds links to
 * nothing. Unfinished downloads are left out.
 */
export async function* verifyCache(options: VerifyOptions = {}): AsyncGenerator<CheckedFile, void, void> {
  expectMembers(options, 'verifyCache: options');
  const { cacheFolder = cacheFolderOf(process.env), model, repair = false, signal } = options;
  const mend = async (checked: CheckedFile, links: readonly Link[]): Promise<CheckedFile> =>
    repair && checked.problem !== undefined ? repairFile(checked, links, { cacheFolder, signal }) : checked;
  for (const cached of await listCache(cacheFolder)) {
    if (model !== undefined && model !== cached.name) continue;
    const links = await linksOf(cached);
    const blobs = join(modelFolder(cacheFolder, cached.name), 'blobs');
    for (const blob of await filesBelow(blobs)) {
      checkSignal(signal);
      const checked = await checkBlob(join(blobs, blob), blob, signal);
      const uses = links.filter(({ target }) => target === blob);
      const files = [...new Set(uses.map(({ file }) => file))];
      if (checked) yield await mend({ model: cached.name, files, ...checked }, uses);
    }
    for (const link of links) {
      const { path, file } = link;
      if (await statIfThere(path)) continue;
      yield await mend({ model: cached.name, files: [file], path, size: 0, problem: 'a link to nothing' }, [link]);
    }
  }
}

/** The files of every revision. */
async function linksOf({ revisions }: CachedModel): Promise<readonly Link[]> {
  const files = revisions.flatMap((revision) =>
    revision.files.map((file) => ({ commit: revision.commit, file, path: join(revision.path, file) })),
  );
  return Promise.all(
    files.map(async ({ commit, file, path }) => {
      const target = await readlink(path).catch(() => undefined);
      return { commit, path, file, target: target && basename(target) };
    }),
  );
}

async function checkBlob(
  path: string,
  hash: string,
  signal?: AbortSignal,
): Promise<Pick<CheckedFile, 'path' | 'size' | 'problem'> | undefined> {
  const found = await statIfThere(path);
  const algorithm = /^[0-9a-f]{64}$/.test(hash) ? 'sha256' : /^[0-9a-f]{40}$/.test(hash) ? 'git-sha1' : undefined;
  if (!found || !algorithm) return undefined;
  const { size } = found;
  const digest = contentHash({ algorithm, size });
  try {
    const { file } = await openFile(path);
    for await (const chunk of file.createReadStream()) {
      checkSignal(signal);
      digest.update(chunk as Uint8Array);
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { path, size, problem: error.message };
  }
  const got = digest.digest('hex');
  return got === hash ? { path, size } : { path, size, problem: `expected ${algorithm} ${hash}, got ${got}` };
}
