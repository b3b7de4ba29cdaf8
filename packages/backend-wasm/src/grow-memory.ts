import { EmbeddingError } from '@diptych/core';

const pageBytes = 65_536;

/** @throws {EmbeddingError} `OUT_OF_MEMORY` when there is no room, or no address space for one more. */
export function newMemory(bytes: number, expected: MemoryUse): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  } catch (cause) {
    throw outOfMemory(bytes, expected, cause);
  }
}

/**
 * Makes a memory at least so large.
 *
 * @param expected What errors say that the bytes are for, and whose.
 * @throws {EmbeddingError} `OUT_OF_MEMORY` when there is no room.
 */
export function growMemory(memory: WebAssembly.Memory, bytes: number, expected: MemoryUse): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    throw outOfMemory(bytes, expected, cause);
  }
}

/** Who needs memory, for what, and how much of it one what can have: all for messages. */
export interface MemoryUse {
  readonly user: string;
  readonly content: string;
  readonly unit: string;
}

function outOfMemory(bytes: number, { user, content, unit }: MemoryUse, cause: unknown): EmbeddingError {
  const expected = `${bytes} bytes for ${content}, at most 2 ** 32 of which one ${unit} can have`;
  return new EmbeddingError('OUT_OF_MEMORY', { where: user, expected, got: cause }, { cause });
}
