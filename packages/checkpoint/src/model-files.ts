import type { ByteSource } from './byte-source.ts';

/** The files of one model: a folder on disk, a base URL, files dropped on a page. */
export interface ModelFiles {
  /** Names the model in errors and in `Embeddings.model`. */
  readonly id: string;
  /** One file by its relative path with `/`, or `undefined` where there is none. */
  open(path: string, signal?: AbortSignal): Promise<ByteSource | undefined>;
  /** Whether there is such a file, for whom `open` would fetch it. */
  has?(path: string, signal?: AbortSignal): Promise<boolean>;
  /** As `open`, for whoever reads little of a file that `open` would first fetch whole. */
  peek?(path: string, signal?: AbortSignal): Promise<ByteSource | undefined>;
  /** Relative paths of the files, those of a folder at least two levels deep; `undefined` where they cannot be told. */
  paths?(signal?: AbortSignal): Promise<readonly string[] | undefined>;
}

/** Files already in memory or picked by a user, by relative path. */
export function blobFiles(files: Readonly<Record<string, Blob>>, id: string): ModelFiles {
  return {
    id,
    async open(path) {
      const blob = Object.hasOwn(files, path) ? files[path] : undefined;
      return blob && blobSource(blob, `${id}/${path}`);
    },
    paths: async () => Object.keys(files),
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
