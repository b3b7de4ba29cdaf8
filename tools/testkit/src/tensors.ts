import { openSafetensors } from '@diptych/checkpoint';
import type { StoredTensor } from '@diptych/core';
import { goldenBytes } from '@diptych/golden';

/** Every array of a golden safetensors file, by name. */
export async function readTensors(path: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const bytes = await goldenBytes(path);
  const checkpoint = await openSafetensors({
    name: path,
    size: bytes.length,
    read: async (begin, end) => bytes.subarray(begin, end),
  });
  const entries = [...checkpoint.names].map(async (name) => [name, await checkpoint.read(name)] as const);
  return new Map(await Promise.all(entries));
}
