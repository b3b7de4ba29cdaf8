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

/** The same arrays read part by part, each into the room it is given. */
export function inParts(checkpoint: Checkpoint): Checkpoint {
  return {
    ...checkpoint,
    async readRange(name, [begin, end], room, signal) {
      const { data } = await checkpoint.read(name, signal);
      const Type = data.constructor as Float32ArrayConstructor;
      const part = new Type(room, 0, end - begin);
      part.set(data.subarray(begin, end) as Float32Array);
      return part;
    },
  };
}
