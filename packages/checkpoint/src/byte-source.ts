/** Random access to one file. */
export interface ByteSource {
  /** What errors call it: a path or a URL. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * Bytes `[begin, end)`, exactly that many; a fresh buffer or a view that the caller must not write to.
   *
   * @param room As many bytes or more, where the caller has them: may be filled and returned instead.
   */
  read(begin: number, end: number, signal?: AbortSignal, room?: ArrayBuffer): Promise<Uint8Array>;
}
