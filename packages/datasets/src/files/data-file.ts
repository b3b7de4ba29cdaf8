/** Random access to one file. */
export interface DataFile {
  /** What errors call it: a path or a URL. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Bytes `[begin, end)`, exactly that many. */
  read(begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** The files of a data set: a folder on disk, a base URL, files dropped on a page. */
export interface DataFiles {
  /** Names them in errors. */
  readonly id: string;
  /** One file by its relative path with `/`, or `undefined` where there is none. */
  open(path: string, signal?: AbortSignal): Promise<DataFile | undefined>;
  /** Whether there is such a file. Left out where that costs as much as to open it; it then shows when an image is read. */
  has?(path: string): Promise<boolean>;
}
