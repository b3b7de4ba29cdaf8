import type { ByteSource } from './byte-source.ts';

/** The files of a model or of a data set: a folder on disk, a base URL, a repository of the hub, files dropped on a page. */
export interface Files {
  /** Names them in errors, and a model in `Embeddings.model`. */
  readonly id: string;
  /** One file by its relative path with `/`, or `undefined` where there is none. */
  open(path: string, signal?: AbortSignal): Promise<ByteSource | undefined>;
  /** Whether there is such a file, without fetching it. Left out where that costs as much as to open it. */
  has?(path: string, signal?: AbortSignal): Promise<boolean>;
  /** As `open`, for whoever reads little of a file that `open` would first fetch whole. */
  peek?(path: string, signal?: AbortSignal): Promise<ByteSource | undefined>;
  /** Relative paths of the files, those of a folder at least two levels deep; `undefined` where they cannot be told. */
  paths?(signal?: AbortSignal): Promise<readonly string[] | undefined>;
}
