import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { readAt } from './positions.ts';

/** Bytes between two rows that are read along with them rather than left out. */
const maxGap = 16_384;
const maxRead = 2 ** 20;

/** A file that is read by any number at once, and closed when the last has what it wants. */
export class LogFile {
  readonly handle: FileHandle;
  #holders = 0;
  #isFree: (() => void) | undefined;

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  /** Keeps the file open until the result is called. */
  hold(): () => void {
    this.#holders++;
    return () => {
      if (--this.#holders === 0) this.#isFree?.();
    };
  }

  /** Rows at their positions, side by side in the order given, but read in the order of the file. */
  async rows(positions: ArrayLike<number>, width: number): Promise<Uint8Array<ArrayBuffer>> {
    const out = new Uint8Array(positions.length * width);
    const release = this.hold();
    try {
      for (const part of partsOf(positions, width)) {
        await readAt(this.handle, part.bytes, part.start);
        scatter(part, positions, width, out);
      }
      return out;
    } finally {
      release();
    }
  }

  /** As `rows`, before anything else happens. */
  rowsNow(positions: ArrayLike<number>, width: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(positions.length * width);
    for (const part of partsOf(positions, width)) {
      const { bytes, start } = part;
      for (let done = 0; done < bytes.length;) {
        const read = readSync(this.handle.fd, bytes, done, bytes.length - done, start + done);
        if (read === 0) throw new Error(`expected ${bytes.length} bytes at ${start}, the file ends before`);
        done += read;
      }
      scatter(part, positions, width, out);
    }
    return out;
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
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rows: Uint32Array;
}

function* partsOf(positions: ArrayLike<number>, width: number): Generator<Part> {
  const order = Uint32Array.from({ length: positions.length }, (_, i) => i);
  order.sort((a, b) => positions[a]! - positions[b]!);
  for (let first = 0; first < order.length;) {
    const start = positions[order[first]!]!;
    let last = first;
    const isNear = (at: number) => at + width - start <= maxRead && at - positions[order[last]!]! <= width + maxGap;
    while (last + 1 < order.length && isNear(positions[order[last + 1]!]!)) last++;
    const bytes = new Uint8Array(positions[order[last]!]! + width - start);
    yield { start, bytes, rows: order.subarray(first, last + 1) };
    first = last + 1;
  }
}

function scatter({ start, bytes, rows }: Part, positions: ArrayLike<number>, width: number, out: Uint8Array): void {
  for (const row of rows) {
    const from = positions[row]! - start;
    out.set(bytes.subarray(from, from + width), row * width);
  }
}
