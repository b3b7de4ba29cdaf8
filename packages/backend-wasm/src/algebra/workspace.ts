import { EmbeddingError } from '@diptych/core';

const pageBytes = 65_536;

/** Room for the arrays of one call after another, in one memory, which is as large as the largest call needed. */
export interface Workspace {
  /** Lays arrays out side by side, each `sizes[i]` bytes long, and gives where they begin. */
  room(...sizes: readonly number[]): number[];
  /** The numbers at a place, valid until the next `room`. */
  at(place: number, length: number): Float64Array;
}

export function workspace(memory: WebAssembly.Memory): Workspace {
  return {
    room(...sizes) {
      let end = 0;
      const places = sizes.map((bytes) => {
        const place = end;
        end += Math.ceil(bytes / 16) * 16;
        return place;
      });
      grow(memory, end);
      return places;
    },
    at: (place, length) => new Float64Array(memory.buffer, place, length),
  };
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    const message = `linear algebra: expected ${bytes} bytes for matrices, at most 2 ** 32 of which one call can have`;
    throw new EmbeddingError('OUT_OF_MEMORY', message, { cause });
  }
}
