import { growMemory } from '../grow-memory.ts';

const use = { user: 'linear algebra', content: 'matrices', unit: 'call' };

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
      growMemory(memory, end, use);
      return places;
    },
    at: (place, length) => new Float64Array(memory.buffer, place, length),
  };
}
