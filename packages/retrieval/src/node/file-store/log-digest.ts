import { crc32 } from 'node:zlib';

/** What a log says, in a few bytes: a checksum of the checksums of its records and of where each ends. */
export class LogDigest {
  #sum = 0;
  #end = 0;

  add(checksum: number, end: number): void {
    this.#sum = crc32(Float64Array.of(checksum, end), this.#sum);
    this.#end = end;
  }

  toString(): string {
    return `${this.#sum}, ${this.#end} bytes`;
  }
}
