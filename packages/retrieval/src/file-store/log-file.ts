import type { FileHandle } from 'node:fs/promises';
import { readAt } from './positions.ts';

/** Bytes between two rows that are read along with them rather than left out. */
const maxGap = 16_384;
const maxRead = 2 ** 20;

/** A file that is read by any number at once, and closed when the last has what it wants. */
export class LogFile {
  readonly handle: FileHandle;
  #readers = 0;
  #closed: (() => void) | undefined;

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  /** Rows at their positions, side by side in the order given, but read in the order of the file. */
  async rows(positions: ArrayLike<number>, width: number): Promise<Uint8Array<ArrayBuffer>> {
    const out = new Uint8Array(positions.length * width);
    const order = Uint32Array.from({ length: positions.length }, (_, i) => i);
    order.sort((a, b) => positions[a]! - positions[b]!);
    this.#readers++;
    try {
      for (let first = 0; first < order.length;) {
        const start = positions[order[first]!]!;
        let last = first;
        const isNear = (at: number) => at + width - start <= maxRead && at - positions[order[last]!]! <= width + maxGap;
        while (last + 1 < order.length && isNear(positions[order[last + 1]!]!)) last++;
        const bytes = new Uint8Array(positions[order[last]!]! + width - start);
        await readAt(this.handle, bytes, start);
        for (; first <= last; first++) {
          const from = positions[order[first]!]! - start;
          out.set(bytes.subarray(from, from + width), order[first]! * width);
        }
      }
      return out;
    } finally {
      if (--this.#readers === 0) this.#closed?.();
    }
  }

  /** Once nobody reads. */
  async close(): Promise<void> {
    if (this.#readers > 0) await new Promise<void>((resolve) => (this.#closed = resolve));
    await this.handle.close();
  }
}
