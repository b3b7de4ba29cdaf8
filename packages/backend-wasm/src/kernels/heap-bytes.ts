import type { Heap } from './heap.ts';

/** The memory, which may have grown since the last look. */
export function heapBytes({ memory }: Pick<Heap, 'memory'>): Uint8Array {
  return new Uint8Array(memory.buffer);
}
