import type { ModelFiles } from '@diptych/checkpoint';

/** The files below one folder of a model; all of them for the empty path. */
export function subFolder(files: ModelFiles, path: string): ModelFiles {
  if (path === '') return files;
  return { id: `${files.id}/${path}`, open: (relative, signal) => files.open(`${path}/${relative}`, signal) };
}
