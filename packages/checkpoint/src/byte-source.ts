/** Random access to one file. */
export interface ByteSource {
  /** What errors call it: a path or a URL. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Bytes `[begin, end)`, exactly that many; a fresh buffer or a view that the caller must not write to. */
  read(begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Fills `room` from byte `begin` on, at once; absent where that takes waiting for. */
  readSync?(begin: number, room: Uint8Array): void;
}
