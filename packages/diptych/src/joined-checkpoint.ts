import type { Checkpoint, TypedArray } from '@diptych/core';

/**
 * The arrays of several files as those of one: of the first under their own names, of the others with their folder in front, as
 * `2_Dense/linear.weight`. Notes are those of the first.
 */
export function joinedCheckpoint(first: Checkpoint, others: ReadonlyMap<string, Checkpoint>): Checkpoint {
  const homes = new Map([...first.names].map((name) => [name, { file: first, name }]));
  for (const [folder, file] of others) {
    for (const name of file.names) homes.set(`${folder}/${name}`, { file, name });
  }
  const read: Checkpoint['read'] = (name, signal) => {
    const { file, name: own } = homes.get(name)!;
    return file.read(own, signal);
  };
  return {
    names: new Set(homes.keys()),
    ...(first.metadata && { metadata: first.metadata }),
    shape: (name) => homes.get(name)!.file.shape(homes.get(name)!.name),
    read,
    async readRange(name, range, room, signal): Promise<TypedArray> {
      const { file, name: own } = homes.get(name)!;
      return file.readRange?.(own, range, room, signal) ?? (await read(name, signal)).data.slice(...range);
    },
    async fetch() {
      for (const file of [first, ...others.values()]) await file.fetch?.();
    },
  };
}
