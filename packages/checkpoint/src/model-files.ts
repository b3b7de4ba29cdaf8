import type { ByteSource } from './byte-source.ts';

/** The files of one model: a folder on disk, a base URL, files dropped on a page. */
export interface ModelFiles {
  /** Names the model in errors and in `Embeddings.model`. */
  readonly id: string;
  /** One file by its relative path with `/`, or `undefined` where there is none. */
  open(path: string, signal?: AbortSignal): Promise<ByteSource | undefined>;
}

/** Files already in memory or picked by a user, by relative path. */
export function blobFiles(files: Readonly<Record<string, Blob>>, id: string): ModelFiles {
  return {
    id,
    async open(path) {
      const blob = Object.hasOwn(files, path) ? files[path] : undefined;
      return blob && blobSource(blob, `${id}/${path}`);
    },
  };
}

/** A blob by its bytes. */
export function blobSource(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (begin, end) => new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
  };
}
