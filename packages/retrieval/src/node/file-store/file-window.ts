import type { FileHandle } from 'node:fs/promises';
import { turn } from '@diptych/core';
import { readNow } from './positions.ts';

const windowBytes = 2 ** 19;

/**
 * Bytes of a file that is read from front to back, half a MiB at a time. They come at once, and others get their turn in
 * between: to have a thread read them takes as long again.
 */
export class FileWindow {
  readonly size: number;
  readonly #file: FileHandle;
  #room = Buffer.alloc(0);
  #buffer = Buffer.alloc(0);
  #start = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** Fewer at the end of the file. They are valid until the next call. */
  async bytes(position: number, length: number): Promise<Buffer> {
    const end = Math.min(position + length, this.size);
    if (position < this.#start || end > this.#start + this.#buffer.length) {
      const bytes = Math.min(Math.max(length, windowBytes), this.size - position);
      if (this.#room.length < bytes) this.#room = Buffer.allocUnsafeSlow(bytes);
      this.#buffer = this.#room.subarray(0, bytes);
      await turn();
      readNow(this.#file, this.#buffer, position);
      this.#start = position;
    }
    return this.#buffer.subarray(position - this.#start, end - this.#start);
  }

  /** Where one of the patterns is found first, from a position on. */
  async find(patterns: readonly Buffer[], from: number): Promise<number | undefined> {
    const overlap = Math.max(...patterns.map(({ length }) => length)) - 1;
    for (let at = from; at < this.size; at += windowBytes) {
      const bytes = await this.bytes(at, windowBytes + overlap);
      const found = patterns.map((pattern) => bytes.indexOf(pattern)).filter((index) => index >= 0);
      if (found.length > 0) return at + Math.min(...found);
    }
    return undefined;
  }

  /** Whether nothing but zeros follows. */
  async isEmptyFrom(position: number): Promise<boolean> {
    for (let at = position; at < this.size; at += windowBytes) {
      if ((await this.bytes(at, windowBytes)).some((byte) => byte !== 0)) return false;
    }
    return true;
  }
}
