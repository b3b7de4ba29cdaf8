import { type Checkpoint, EmbeddingError, expectMembers, type StoredTensor } from '@diptych/core';

const suffix = '.step';

/**
 * Arrays of bytes, as `quantized` makes them, as the numbers they stand for: `w` times `w.step`, whose shape is `[rows, 1]` or `[columns]`. The steps
 * themselves are not among the names.
 */
export function dequantized(checkpoint: Checkpoint): Checkpoint {
  expectMembers(checkpoint, 'checkpoint', 'names', 'shape', 'read');
  const names = new Set([...checkpoint.names].filter((name) => !name.endsWith(suffix)));
  return {
    names,
    shape: (name) => checkpoint.shape(name),
    async read(name, signal) {
      const stored = await checkpoint.read(name, signal);
      if (!checkpoint.names.has(name + suffix)) return stored;
      return times(name, stored, await checkpoint.read(name + suffix, signal));
    },
  };
}

function times(name: string, { shape, data }: StoredTensor, steps: StoredTensor): StoredTensor {
  const columns = shape.at(-1) ?? 1;
  const byRow = steps.shape.at(-1) === 1;
  const count = byRow ? data.length / columns : columns;
  if (steps.data.length !== count) {
    throw new EmbeddingError('CHECKPOINT_MISMATCH', {
      where: `${name}${suffix}`,
      expected: `${count} steps for [${shape}]`,
      got: steps.shape,
    });
  }
  const codes = data as Int8Array;
  const factors = Float64Array.from(steps.data as Float32Array, Number);
  const values = new Float32Array(codes.length);
  for (let start = 0, row = 0; start < codes.length; start += columns, row++) {
    for (let k = 0; k < columns; k++) values[start + k] = codes[start + k]! * factors[byRow ? row : k]!;
  }
  return { shape, data: values };
}
