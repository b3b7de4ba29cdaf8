/** One content of a cache, checked. */
export interface CheckedFile {
  /** `org/name` of its model. */
  readonly model: string;
  /** Paths in the model of the files that have this content; none when no revision has it any more. */
  readonly files: readonly string[];
  /** On disk. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** What is wrong with it; absent when nothing is. */
  readonly problem?: string;
  /** Whether it was downloaded again and is right now. */
  readonly repaired?: boolean;
}

export interface Link {
  readonly commit: string;
  /** Of the link. */
  readonly path: string;
  /** Path in the model. */
  readonly file: string;
  /** Name of the blob. A hard link, as on Windows, has none. */
  readonly target: string | undefined;
}
