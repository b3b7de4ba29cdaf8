/** Random access to one file. */
export interface ByteSource {
  /** What errors call it: a path or a URL. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * Bytes `[begin, end)`, exactly that many; a fresh buffer or a view that the caller must not write to.
   *
   * @param room So many bytes, where the caller has a place for them: may be filled and returned. It is written to only
   *   until the promise is settled.
   */
  read(begin: number, end: number, signal?: AbortSignal, room?: Uint8Array): Promise<Uint8Array>;
}
