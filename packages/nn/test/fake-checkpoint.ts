import type { Checkpoint, StoredTensor, TypedArray } from '@diptych/core';

/** A checkpoint in memory; an entry is a shape and its values, or a shape alone for zeros. */
export function fakeCheckpoint(
  arrays: Readonly<Record<string, readonly [shape: readonly number[], data?: TypedArray | readonly number[]]>>,
): Checkpoint {
  const stored = ([shape, data]: (typeof arrays)[string]): StoredTensor => {
    const size = shape.reduce((a, b) => a * b, 1);
    return {
      shape,
      data: data === undefined ? new Float32Array(size) : 'buffer' in data ? data : Float32Array.from(data),
    };
  };
  return {
    names: new Set(Object.keys(arrays)),
    shape: (name) => arrays[name]![0],
    read: async (name, signal) => {
      signal?.throwIfAborted();
      return stored(arrays[name]!);
    },
  };
}

/** The same arrays read part by part, each into the room that it is given; the first parts take longest. */
export function inParts(checkpoint: Checkpoint): Checkpoint {
  let delay = 40;
  return {
    ...checkpoint,
    async readRange(name, [begin, end], room, signal) {
      const part = (await checkpoint.read(name, signal)).data.slice(begin, end);
      await new Promise((resolve) => setTimeout(resolve, (delay = Math.max(0, delay - 10))));
      if (!room || part.byteLength > room.length) return part;
      room.set(new Uint8Array(part.buffer));
      return new (part.constructor as Float32ArrayConstructor)(
        room.buffer as ArrayBuffer,
        room.byteOffset,
        part.length,
      );
    },
  };
}
