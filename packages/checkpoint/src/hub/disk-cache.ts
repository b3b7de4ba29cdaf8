import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ByteSource } from '../byte-source.ts';
import { fileSource } from '../file-source.ts';
import { statIfThere } from '../stat-if-there.ts';
import { blobPath, refPath, snapshotFolder } from './disk-layout.ts';
import { downloadBlob } from './download-blob.ts';
import type { HubCache } from './hub-cache.ts';
import { isCommit } from './hub-repo.ts';

/**
 * A folder in the layout of huggingface_hub, which may share it. Files appear under their names only whole and
 * verified; two processes may download the same file, and both then hold it.
 */
export function diskCache(folder: string): HubCache {
  return {
    async commitOf(repo) {
      const path = refPath(folder, repo);
      if (!(await statIfThere(path))?.isFile()) return undefined;
      const commit = (await readFile(path, 'utf8')).trim();
      return isCommit(commit) ? commit : undefined;
    },
    async find({ name }, commit, { path, size }) {
      return openKept(join(snapshotFolder(folder, name, commit), path), size);
    },
    async add(repo, commit, download, options) {
      const { path, size, hash } = download.file;
      const blob = blobPath(folder, repo.name, hash);
      await mkdir(dirname(blob), { recursive: true });
      if ((await statIfThere(blob))?.size !== size) await downloadBlob(blob, download, options);
      const pointer = join(snapshotFolder(folder, repo.name, commit), path);
      await point(pointer, blob);
      if (!isCommit(repo.revision)) {
        await replace(refPath(folder, repo), dirname(blob), async (made) => writeFile(made, commit));
      }
      return fileSource(pointer, size);
    },
  };
}

async function openKept(path: string, size?: number): Promise<ByteSource | undefined> {
  const found = await statIfThere(path);
  if (!found?.isFile() || (size !== undefined && found.size !== size)) return undefined;
  return fileSource(path, found.size);
}

/** Makes `path` a relative link to `blob`, in one step. */
async function point(path: string, blob: string): Promise<void> {
  await replace(path, dirname(blob), async (made) => {
    try {
      await symlink(relative(dirname(path), blob), made);
    } catch (error) {
      // Windows lets few users make symbolic links, and all of them hard ones.
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
      await link(blob, made);
    }
  });
}

/** Puts what `make` makes in `scratch` at `path`, so that nobody sees half of it. */
async function replace(path: string, scratch: string, make: (made: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const made = join(scratch, `${randomUUID()}.incomplete`);
  await make(made);
  await rename(made, path);
}
