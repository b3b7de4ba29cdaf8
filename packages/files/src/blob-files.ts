import { checkSignal, expectMembers } from '@diptych/core';
import type { ByteSource } from './byte-source.ts';
import type { Files } from './files.ts';

/** Files already in memory or picked by a user, by relative path. */
export function blobFiles(files: Readonly<Record<string, Blob>>, id: string): Files {
  expectMembers(files, 'blobFiles: files');
  return {
    id,
    async open(path) {
      const blob = Object.hasOwn(files, path) ? files[path] : undefined;
      return blob && blobSource(blob, `${id}/${path}`);
    },
    has: async (path) => Object.hasOwn(files, path),
    paths: async () => Object.keys(files),
  };
}

/** A blob by its bytes. */
export function blobSource(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (begin, end, signal) => {
      checkSignal(signal);
      return new Uint8Array(await blob.slice(begin, end).arrayBuffer());
    },
  };
}
