import { type Checkpoint, EmbeddingError, expectMembers, type StoredTensor } from '@diptych/core';

const suffix = '.step';

/**
 * Arrays of bytes, as `quantized` makes them, as the numbers they stand for: `w` times `w.step`, whose shape is `[rows, 1]` or `[columns]`. The steps
 * themselves are not among the names.
 */
export function dequantized(checkpoint: Checkpoint): Checkpoint {
  const { names: all } = expectMembers(checkpoint, 'checkpoint', 'names', 'shape', 'read');
  const names = new Set([...all].filter((name) => !name.endsWith(suffix)));
  const shape = (name: string) => checkpoint.shape(name);
  const stepsOf = async (name: string, signal?: AbortSignal) =>
    all.has(name + suffix) ? checkpoint.read(name + suffix, signal) : undefined;
  return {
    names,
    shape,
    async read(name, signal) {
      const stored = await checkpoint.read(name, signal);
      const steps = await stepsOf(name, signal);
      if (!steps) return stored;
      return { shape: stored.shape, data: times(stored, steps, { name, begin: 0 }) };
    },
    ...(checkpoint.readRange &&
      ({
        async readRange(name, range, room, signal) {
          const steps = await stepsOf(name, signal);
          if (!steps) return checkpoint.readRange!(name, range, room, signal);
          const data = await checkpoint.readRange!(name, range, undefined, signal);
          return times({ shape: shape(name), data }, steps, { name, begin: range[0], room });
        },
      } satisfies Pick<Checkpoint, 'readRange'>)),
  };
}

interface Place {
  readonly name: string;
  /** Number of the array's value that comes first. */
  readonly begin: number;
  /** Where the numbers would be had. */
  readonly room?: Uint8Array | undefined;
}

function times({ shape, data }: StoredTensor, steps: StoredTensor, { name, begin, room }: Place): Float32Array {
  const columns = shape.at(-1) ?? 1;
  const byRow = steps.shape.at(-1) === 1;
  const count = byRow ? shape.reduce((product, size) => product * size, 1) / columns : columns;
  if (steps.data.length !== count) {
    throw new EmbeddingError('CHECKPOINT_MISMATCH', {
      where: `${name}${suffix}`,
      expected: `${count} steps for [${shape}]`,
      got: steps.shape,
    });
  }
  if (!(data instanceof Int8Array)) {
    const problem = { where: name, expected: 'bytes with a sign, for it has steps', got: data.constructor.name };
    throw new EmbeddingError('CHECKPOINT_MISMATCH', problem);
  }
  const factors = Float64Array.from(steps.data as Float32Array, Number);
  const values = roomFor(data.length, room);
  let column = begin % columns;
  for (let row = (begin - column) / columns, i = 0; i < values.length; row++, column = 0) {
    const end = Math.min(i + columns - column, values.length);
    if (byRow) for (const factor = factors[row]!; i < end; i++) values[i] = data[i]! * factor;
    else for (; i < end; i++, column++) values[i] = data[i]! * factors[column]!;
  }
  return values;
}

function roomFor(length: number, room: Uint8Array | undefined): Float32Array {
  const fits = room && room.length >= 4 * length && room.byteOffset % 4 === 0;
  return fits ? new Float32Array(room.buffer, room.byteOffset, length) : new Float32Array(length);
}
