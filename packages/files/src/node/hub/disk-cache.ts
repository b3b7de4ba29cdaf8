import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ByteSource } from '../../byte-source.ts';
import { diskError } from '../disk-error.ts';
import { fileAt, fileSource } from '../file-source.ts';
import { makeFolder } from '../make-folder.ts';
import { statIfThere } from '../stat-if-there.ts';
import { absencePath, blobPath, modelFolder, refPath, snapshotFolder } from './disk-layout.ts';
import { downloadBlob } from './download-blob.ts';
import type { HubCache } from '../../hub/hub-cache.ts';
import { isCommit } from '../../hub/hub-repo.ts';
import { readNote } from './read-note.ts';
import { filesBelow } from './list-cache.ts';
import { cleanPartials } from './partial.ts';

export interface DiskCacheOptions {
  /** Whether files of a revision are links to their content, where the disk has them, or copies. Default `true`. */
  readonly symlinks?: boolean;
}

/**
 * A folder in the layout of huggingface_hub, which may share it. Files appear under their names only whole and
 * verified; two processes may download the same file, and both then hold it.
 */
export function diskCache(folder: string, { symlinks = true }: DiskCacheOptions = {}): HubCache {
  return {
    async commitOf(repo) {
      const commit = await textOf(refPath(folder, repo));
      return commit !== undefined && isCommit(commit) ? commit : undefined;
    },
    async setCommit(repo, commit) {
      const path = refPath(folder, repo);
      if ((await textOf(path)) !== commit) await remember(path, modelFolder(folder, repo.name), commit);
    },
    async find({ name }, commit, { path, size }) {
      return openKept(join(snapshotFolder(folder, name, commit), path), size);
    },
    paths: async ({ name }, commit) => filesBelow(snapshotFolder(folder, name, commit)),
    isAbsent: async ({ name }, commit, path) =>
      (await statIfThere(absencePath(folder, name, commit, path)))?.isFile() === true,
    async setAbsent({ name }, commit, path) {
      const absence = absencePath(folder, name, commit, path);
      if (!(await statIfThere(absence))) await remember(absence, modelFolder(folder, name), '');
    },
    async add(repo, commit, download, options) {
      const { path, size, hash } = download.file;
      const blob = blobPath(folder, repo.name, hash);
      const pointer = join(snapshotFolder(folder, repo.name, commit), path);
      try {
        await makeFolder(dirname(blob));
        if ((await statIfThere(blob))?.size !== size) await downloadBlob(blob, download, options);
        await replace(pointer, dirname(blob), async (made) =>
          symlinks ? point(pointer, blob, made) : copyFile(blob, made, constants.COPYFILE_FICLONE),
        );
        await cleanPartials(blob);
      } catch (error) {
        throw diskError('written', blob, error);
      }
      return fileSource(pointer, size);
    },
  };
}

async function textOf(path: string): Promise<string | undefined> {
  return (await statIfThere(path))?.isFile() ? readNote(path) : undefined;
}

/** Writes a note. A cache that cannot be written to still serves what it has. */
async function remember(path: string, scratch: string, text: string): Promise<void> {
  try {
    await replace(path, scratch, async (made) => writeFile(made, text));
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
  }
}

async function openKept(path: string, size?: number): Promise<ByteSource | undefined> {
  const file = await fileAt(path);
  return size === undefined || file?.size === size ? file : undefined;
}

/** Makes `made`, which will be at `path`, a relative link to `blob`; where a disk has no links, a copy of it. */
async function point(path: string, blob: string, made: string): Promise<void> {
  // Windows lets few users make symbolic links, and all of them hard ones; a memory card has neither.
  const ways = [async () => symlink(relative(dirname(path), blob), made), async () => link(blob, made)];
  for (const way of ways) if (await succeeds(way())) return;
  await copyFile(blob, made, constants.COPYFILE_FICLONE);
}

async function succeeds(done: Promise<void>): Promise<boolean> {
  return done.then(
    () => true,
    () => false,
  );
}

/** Puts what `make` makes in `scratch` at `path`, so that nobody sees half of it. */
async function replace(path: string, scratch: string, make: (made: string) => Promise<void>): Promise<void> {
  await makeFolder(dirname(path));
  const made = join(scratch, `${randomUUID()}.incomplete`);
  try {
    await make(made);
    await rename(made, path);
  } catch (error) {
    await rm(made, { force: true });
    throw error;
  }
}
