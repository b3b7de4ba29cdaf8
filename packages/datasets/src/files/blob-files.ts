import type { DataFile, DataFiles } from './data-file.ts';

/** Files already in memory or picked by a user, by relative path. */
export function blobFiles(files: Readonly<Record<string, Blob>>, id: string): DataFiles {
  return {
    id,
    async open(path) {
      const blob = Object.hasOwn(files, path) ? files[path] : undefined;
      return blob && blobFile(blob, `${id}/${path}`);
    },
    has: async (path) => Object.hasOwn(files, path),
  };
}

/** A blob by its bytes. */
export function blobFile(blob: Blob, name: string): DataFile {
  return {
    name,
    size: blob.size,
    read: async (begin, end) => new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
  };
}
