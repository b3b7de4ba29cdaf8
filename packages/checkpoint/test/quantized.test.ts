import { type Checkpoint, seededRandom } from '@diptych/core';
import { expect, it } from 'vitest';
import { dequantized } from '../src/dequantized.ts';
import { quantized } from '../src/quantized.ts';

function holding(arrays: ReturnType<typeof quantized>): Checkpoint {
  const map = new Map(arrays);
  return { names: new Set(map.keys()), shape: (name) => map.get(name)!.shape, read: async (name) => map.get(name)! };
}

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  const differences = Array.from(expected, (value, i) => Math.abs(value - got[i]!));
  expect([got.length, Math.max(...differences) <= tolerance]).toEqual([expected.length, true]);
}

function values(size: number): Float32Array {
  const random = seededRandom(1);
  return Float32Array.from({ length: size }, () => 2 * random() - 1);
}

it.each([
  ['table', [5, 4]],
  ['filters', [3, 3, 2, 4]],
] as const)('%s comes back within half a step', async (name, shape) => {
  const data = values(shape.reduce<number>((product, n) => product * n, 1));
  const stored = quantized(name, { shape, data }, name === 'table' ? 'rows' : 'columns');
  expect(stored[0]![1].data).toBeInstanceOf(Int8Array);
  const checkpoint = dequantized(holding(stored));
  expect([...checkpoint.names]).toEqual([name]);
  const back = await checkpoint.read(name);
  expect(back.shape).toEqual(shape);
  expectClose(back.data as Float32Array, data, 0.5 / 127 + 1e-6);
});

it('a table has a step for each row, others for each index of the last axis', async () => {
  const data = Float32Array.of(1, 0, 0, 100);
  const rows = await dequantized(holding(quantized('table', { shape: [2, 2], data }, 'rows'))).read('table');
  expectClose(rows.data as Float32Array, data, 1e-5);
  const [, steps] = quantized('head', { shape: [2, 2], data });
  expect(steps![1]).toEqual({ shape: [2], data: Float32Array.of(1 / 127, 100 / 127) });
});

it('vectors stay as they are, and a row of zeros stays zero', async () => {
  const vector = { shape: [3], data: values(3) };
  expect(quantized('text.norm.bias', vector)).toEqual([['text.norm.bias', vector]]);
  const zeros = quantized('table', { shape: [1, 2], data: new Float32Array(2) }, 'rows');
  expect([...(await dequantized(holding(zeros)).read('table')).data]).toEqual([0, 0]);
});

it.each(['rows', 'columns'] as const)(
  'ranges of an array with steps of %s are parts of it, in the room for them',
  async (kind) => {
    const stored = new Map(quantized('table', { shape: [7, 5], data: values(35) }, kind));
    const whole = holding([...stored]);
    const checkpoint = dequantized({
      ...whole,
      readRange: async (name, [begin, end]) => stored.get(name)!.data.subarray(begin, end),
    });
    const { data } = await checkpoint.read('table');
    for (const [begin, end] of [
      [0, 35],
      [3, 4],
      [3, 17],
      [10, 35],
      [34, 35],
      [9, 9],
    ] as const) {
      const bytes = new Uint8Array(new ArrayBuffer(4 * 36), 4, 4 * (end - begin));
      const range = await checkpoint.readRange!('table', [begin, end], bytes);
      expect(range).toEqual(data.subarray(begin, end));
      expect([range.buffer, range.byteOffset]).toEqual([bytes.buffer, 4]);
      const odd = await checkpoint.readRange!(
        'table',
        [begin, end],
        new Uint8Array(new ArrayBuffer(4 * 36), 1, 4 * 35),
      );
      expect(odd).toEqual(range);
      expect(await checkpoint.readRange!('table', [begin, end])).toEqual(range);
    }
    expect(dequantized(whole).readRange).toBeUndefined();
  },
);

it('ranges of what has no steps are those of the file, and wrong steps are refused', async () => {
  const vector = { shape: [3], data: Float32Array.of(1, 2, 3) };
  const readRange = async () => vector.data.subarray(1);
  const checkpoint = dequantized({ ...holding([['bias', vector]]), readRange });
  expect(await checkpoint.readRange!('bias', [1, 3])).toEqual(Float32Array.of(2, 3));
  const wrong = dequantized({
    ...holding([
      ['w', { shape: [2, 2], data: Int8Array.of(1, 2, 3, 4) }],
      ['w.step', { shape: [3], data: Float32Array.of(1, 2, 3) }],
    ]),
    readRange: async () => Int8Array.of(1, 2),
  });
  const refused = { code: 'CHECKPOINT_MISMATCH', where: 'w.step', expected: '2 steps for [2,2]' };
  await expect(wrong.read('w')).rejects.toMatchObject(refused);
  await expect(wrong.readRange!('w', [0, 2])).rejects.toMatchObject(refused);
});

it.each([BigInt64Array.of(1n, 2n), Float32Array.of(1, 2)])(
  'steps of what are no codes are refused: %s',
  async (data) => {
    const steps = { shape: [2], data: Float32Array.of(1, 1) };
    const file = holding([
      ['w', { shape: [1, 2], data }],
      ['w.step', steps],
    ]);
    await expect(dequantized(file).read('w')).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH', where: 'w' });
  },
);
