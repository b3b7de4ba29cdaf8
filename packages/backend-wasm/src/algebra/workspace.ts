import { growMemory } from '../grow-memory.ts';

const use = { user: 'linear algebra', content: 'matrices', unit: 'call' };

/** Room for the arrays of one call after another, in one memory, which is as large as the largest call needed. */
export interface Workspace {
  /** Lays arrays out side by side, each `sizes[i]` bytes long, where nothing is held, and gives where they begin. */
  room(...sizes: readonly number[]): number[];
  /** The same for a call in pieces: other calls leave it alone until `free`. */
  hold(...sizes: readonly number[]): { readonly places: number[]; readonly free: () => void };
  /** The numbers at a place, valid until the next `room` or `hold`. */
  at(place: number, length: number): Float64Array;
}

export function workspace(memory: WebAssembly.Memory): Workspace {
  /** Where what is held begins and ends. */
  const held = new Set<readonly [begin: number, end: number]>();

  function layOut(sizes: readonly number[]) {
    const lengths = sizes.map((bytes) => Math.ceil(bytes / 16) * 16);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const taken = [...held].toSorted(([a], [b]) => a - b);
    let begin = 0;
    for (const [from, to] of taken) if (from < begin + total) begin = to;
    growMemory(memory, begin + total, use);
    let end = begin;
    return { begin, total, places: lengths.map((length) => (end += length) - length) };
  }

  return {
    room: (...sizes) => layOut(sizes).places,
    hold(...sizes) {
      const { begin, total, places } = layOut(sizes);
      const own = [begin, begin + total] as const;
      held.add(own);
      return { places, free: () => held.delete(own) };
    },
    at: (place, length) => new Float64Array(memory.buffer, place, length),
  };
}
