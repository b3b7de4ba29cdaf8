/** More is not kept. */
const most = 2 ** 25;

/** Bytes for one call after the other: memory that is new to the process costs more than what is copied to it. */
export class BytePool {
  #free: Uint8Array<ArrayBuffer> | undefined;

  /** What they hold says nothing. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const there = this.#free && this.#free.length >= bytes ? this.#free : new Uint8Array(bytes);
    this.#free = undefined;
    return there.subarray(0, bytes);
  }

  /** Bytes that nobody reads any more. */
  give({ buffer }: Uint8Array<ArrayBuffer>): void {
    const isLarger = buffer.byteLength > (this.#free?.length ?? 0);
    if (isLarger && buffer.byteLength <= most) this.#free = new Uint8Array(buffer);
  }
}
