import type { Files } from '@diptych/files';

/** The files below one folder of a model; all of them for the empty path. */
export function subFolder(files: Files, path: string): Files {
  if (path === '') return files;
  const below = `${path}/`;
  return {
    id: `${files.id}/${path}`,
    open: (relative, signal) => files.open(below + relative, signal),
    ...(files.has && { has: async (relative, signal) => files.has!(below + relative, signal) }),
    ...(files.peek && { peek: async (relative, signal) => files.peek!(below + relative, signal) }),
    ...(files.paths && {
      paths: async (signal) =>
        (await files.paths!(signal))?.flatMap((full) => (full.startsWith(below) ? [full.slice(below.length)] : [])),
    }),
  };
}
