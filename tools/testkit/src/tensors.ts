import type { StoredTensor } from '@diptych/core';
import { openGolden } from './open-golden.ts';

/** Every array of a golden safetensors file, by name. */
export async function readTensors(path: string | URL): Promise<ReadonlyMap<string, StoredTensor>> {
  const checkpoint = await openGolden(path);
  const entries = [...checkpoint.names].map(async (name) => [name, await checkpoint.read(name)] as const);
  return new Map(await Promise.all(entries));
}

/** The numbers of one of them; 64-bit integers become numbers. */
export function numbers(tensors: ReadonlyMap<string, StoredTensor>, name: string): readonly number[] {
  const found = tensors.get(name);
  if (!found) throw new Error(`no array '${name}' among ${[...tensors.keys()]}`);
  return Array.from<number | bigint, number>(found.data as Float32Array, Number);
}
