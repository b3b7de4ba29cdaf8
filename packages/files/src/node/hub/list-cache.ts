import { expectText } from '@diptych/core';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { diskError } from '../disk-error.ts';
import { statIfThere } from '../stat-if-there.ts';
import { modelFolder, modelName, snapshotFolder } from './disk-layout.ts';
import { cacheFolderOf } from './environment.ts';
import { readNote } from './read-note.ts';

export interface CachedRevision {
  readonly commit: string;
  /** Its folder. */
  readonly path: string;
  /** Bytes of its files, with what other revisions share. */
  readonly size: number;
  /** Branches and tags that had this commit when they were last asked for. */
  readonly refs: readonly string[];
  /** Paths of the files that are kept. */
  readonly files: readonly string[];
}

export interface CachedModel {
  /** `org/name`. */
  readonly name: string;
  /** Bytes on disk; what revisions share is counted once. */
  readonly size: number;
  readonly revisions: readonly CachedRevision[];
}

/**
 * The models in a cache of the hub, by name.
 *
 * @param cacheFolder Default: as `hub` has it. A folder that does not exist holds no model.
 * @throws {EmbeddingError} `NOT_FOUND` for one that cannot be read.
 */
export async function listCache(cacheFolder: string = cacheFolderOf(process.env)): Promise<CachedModel[]> {
  expectText(cacheFolder, 'listCache');
  const names = (await namesIn(cacheFolder)).map(modelName).filter((name) => name !== undefined);
  return Promise.all(names.toSorted().map(async (name) => readModel(cacheFolder, name)));
}

async function readModel(cacheFolder: string, name: string): Promise<CachedModel> {
  const folder = modelFolder(cacheFolder, name);
  const refs = await readRefs(join(folder, 'refs'));
  const snapshots = join(folder, 'snapshots');
  const revisions = (await namesIn(snapshots)).toSorted().map(async (commit) => {
    const path = snapshotFolder(cacheFolder, name, commit);
    const files = await filesBelow(path);
    const names = refs.filter((ref) => ref.commit === commit).map((ref) => ref.name);
    return { commit, path, size: await sizeOf(path, files), refs: names, files };
  });
  const blobs = join(folder, 'blobs');
  return { name, size: await sizeOf(blobs, await filesBelow(blobs)), revisions: await Promise.all(revisions) };
}

async function readRefs(folder: string): Promise<readonly { name: string; commit: string }[]> {
  const names = await filesBelow(folder);
  return Promise.all(names.map(async (name) => ({ name, commit: await readNote(join(folder, name)) })));
}

/** Bytes of what files hold or link to. */
async function sizeOf(folder: string, files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await statIfThere(join(folder, file)))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await statIfThere(folder)) ? listed(folder, readdir(folder)) : [];
}

/** Paths of the files and links below a folder, with `/`. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  if (!(await statIfThere(folder))) return [];
  const entries = await listed(folder, readdir(folder, { recursive: true, withFileTypes: true }));
  const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => relative(folder, path).split(sep).join('/')).toSorted();
}

/** @throws {EmbeddingError} `NOT_FOUND` with the path: of a file, or of a folder that is not to be seen. */
async function listed<T>(folder: string, names: Promise<T>): Promise<T> {
  return names.catch((error: unknown) => {
    throw diskError('read', folder, error);
  });
}
