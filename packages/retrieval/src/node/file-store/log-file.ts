import type { FileHandle } from 'node:fs/promises';
import { EmbeddingError } from '@diptych/core';
import { refused } from '../refusals.ts';
import { readAt, readNow } from './positions.ts';

/** Bytes between two rows that are read along with them rather than left out. */
const maxGap = 16_384;
const maxRead = 2 ** 20;

/** A file that is read by any number at once, and closed when the last has what it wants. */
export class LogFile {
  readonly handle: FileHandle;
  readonly #path: string;
  #holders = 0;
  #isFree: (() => void) | undefined;
  #room: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  /** @param path For messages. */
  constructor(handle: FileHandle, path: string) {
    this.#path = path;
    this.handle = handle;
  }

  /** Keeps the file open until the result is called. */
  hold(): () => void {
    this.#holders++;
    return () => {
      if (--this.#holders === 0) this.#isFree?.();
    };
  }

  /**
   * Rows at their positions, side by side in the order given, but read in the order of the file.
   *
   * @throws {EmbeddingError} `INPUT_INVALID` when they are not there.
   */
  async rows(positions: ArrayLike<number>, width: number): Promise<Uint8Array<ArrayBuffer>> {
    const out = new Uint8Array(positions.length * width);
    const release = this.hold();
    try {
      for (const part of partsOf(positions, width)) {
        const bytes = roomFor(part, width, out) ?? new Uint8Array(part.bytes);
        await readAt(this.handle, bytes, part.start);
        scatter(part, bytes, { positions, width, out });
      }
      return out;
    } catch (cause) {
      throw this.#unreadable(cause);
    } finally {
      release();
    }
  }

  /** As `rows`, before anything else happens. */
  rowsNow(positions: ArrayLike<number>, width: number, out: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    try {
      if (areOneBehindTheOther(positions, width)) {
        readNow(this.handle, out.subarray(0, positions.length * width), positions[0]!);
        return out;
      }
      for (const part of partsOf(positions, width)) {
        const bytes = roomFor(part, width, out) ?? this.#partRoom(part.bytes);
        readNow(this.handle, bytes, part.start);
        scatter(part, bytes, { positions, width, out });
      }
      return out;
    } catch (cause) {
      throw this.#unreadable(cause);
    }
  }

  /** A log that another program has shortened, say. */
  #unreadable(cause: unknown): EmbeddingError {
    return refused(this.#path, 'read', cause);
  }

  #partRoom(bytes: number): Uint8Array<ArrayBuffer> {
    if (this.#room.length < bytes) this.#room = new Uint8Array(Math.max(bytes, maxRead));
    return this.#room.subarray(0, bytes);
  }

  /** Once nobody reads. */
  async close(): Promise<void> {
    if (this.#holders > 0) await new Promise<void>((resolve) => (this.#isFree = resolve));
    await this.handle.close();
  }
}

/** What is read at once, and the rows that are in it, by number. */
interface Part {
  readonly start: number;
  readonly bytes: number;
  readonly rows: Uint32Array;
}

/** As all rows of a log are that nothing was replaced in, when it is opened. */
function areOneBehindTheOther(positions: ArrayLike<number>, width: number): boolean {
  for (let i = 1; i < positions.length; i++) if (positions[i] !== positions[i - 1]! + width) return false;
  return positions.length > 0;
}

function* partsOf(positions: ArrayLike<number>, width: number): Generator<Part> {
  const order = new Uint32Array(positions.length);
  let isSorted = true;
  for (let i = 0; i < order.length; i++) {
    order[i] = i;
    isSorted &&= i === 0 || positions[i - 1]! < positions[i]!;
  }
  if (!isSorted) order.sort((a, b) => positions[a]! - positions[b]!);
  for (let first = 0; first < order.length;) {
    const start = positions[order[first]!]!;
    let last = first;
    const isNear = (at: number) => at + width - start <= maxRead && at - positions[order[last]!]! <= width + maxGap;
    while (last + 1 < order.length && isNear(positions[order[last + 1]!]!)) last++;
    yield { start, bytes: positions[order[last]!]! + width - start, rows: order.subarray(first, last + 1) };
    first = last + 1;
  }
}

/** Where a part goes that is some rows as they are wanted. */
function roomFor(
  { bytes, rows }: Part,
  width: number,
  out: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> | undefined {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const isAsWanted =
    bytes === rows.length * width && last - first === rows.length - 1 && rows.every((row, i) => row === first + i);
  return isAsWanted ? out.subarray(first * width, first * width + bytes) : undefined;
}

interface Scattered {
  readonly positions: ArrayLike<number>;
  readonly width: number;
  readonly out: Uint8Array<ArrayBuffer>;
}

function scatter({ start, rows }: Part, bytes: Uint8Array<ArrayBuffer>, { positions, width, out }: Scattered): void {
  if (bytes.buffer === out.buffer) return;
  for (const row of rows) {
    const from = positions[row]! - start;
    out.set(bytes.subarray(from, from + width), row * width);
  }
}
