import type { Checkpoint } from '@diptych/core';
import { goldenJson } from '@diptych/golden';

interface Manifest {
  readonly keys: Readonly<Record<string, readonly [dtype: string, shape: readonly number[]]>>;
}

/** Names and shapes of a published checkpoint, from `oracles/keys`, or those that one tower `owns`. */
export async function readManifest(
  file: string,
  owns: (name: string) => boolean = () => true,
): Promise<Pick<Checkpoint, 'names' | 'shape'>> {
  const { keys } = await goldenJson<Manifest>(`oracles/keys/${file}.json`);
  const shapes = new Map(Object.entries(keys).map(([name, [, shape]]) => [name, shape]));
  return { names: new Set([...shapes.keys()].filter(owns)), shape: (name) => shapes.get(name)! };
}
