import { join } from 'node:path';
import type { HubRepo } from '../../hub/hub-repo.ts';

const prefix = 'models--';

/** Folder of a model in a cache that other tools of the hub read and write, too. */
export function modelFolder(cacheFolder: string, name: string): string {
  return join(cacheFolder, prefix + name.replace('/', '--'));
}

/** Name of the model in such a folder, `undefined` where it is none. */
export function modelName(folder: string): string | undefined {
  return folder.startsWith(prefix) ? folder.slice(prefix.length).replace('--', '/') : undefined;
}

/** Holds the commit of a branch or tag. */
export function refPath(cacheFolder: string, { name, revision }: Pick<HubRepo, 'name' | 'revision'>): string {
  return join(modelFolder(cacheFolder, name), 'refs', revision);
}

/** Holds links to the files of one commit. */
export function snapshotFolder(cacheFolder: string, name: string, commit: string): string {
  return join(modelFolder(cacheFolder, name), 'snapshots', commit);
}

/** Holds a content under its entity tag. */
export function blobPath(cacheFolder: string, name: string, hash: string): string {
  return join(modelFolder(cacheFolder, name), 'blobs', hash);
}

/** An empty file where a commit has none of that path. */
export function absencePath(cacheFolder: string, name: string, commit: string, path: string): string {
  return join(modelFolder(cacheFolder, name), '.no_exist', commit, path);
}
