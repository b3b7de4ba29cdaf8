import { type Checkpoint, seededRandom } from '@diptych/core';
import { expectClose } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { dequantized } from '../src/dequantized.ts';
import { quantized } from '../training/quantize.ts';

function holding(arrays: ReturnType<typeof quantized>): Checkpoint {
  const map = new Map(arrays);
  return { names: new Set(map.keys()), shape: (name) => map.get(name)!.shape, read: async (name) => map.get(name)! };
}

function values(size: number): Float32Array {
  const random = seededRandom(1);
  return Float32Array.from({ length: size }, () => 2 * random() - 1);
}

it.each([
  ['text.features', [5, 4]],
  ['image.stem.weight', [3, 3, 2, 4]],
] as const)('%s comes back within half a step', async (name, shape) => {
  const data = values(shape.reduce<number>((product, n) => product * n, 1));
  const stored = quantized(name, { shape, data });
  expect(stored[0]![1].data).toBeInstanceOf(Int8Array);
  const checkpoint = dequantized(holding(stored));
  expect([...checkpoint.names]).toEqual([name]);
  const back = await checkpoint.read(name);
  expect(back.shape).toEqual(shape);
  expectClose(back.data as Float32Array, data, 0.5 / 127 + 1e-6);
});

it('a table has a step for each row, others for each index of the last axis', async () => {
  const data = Float32Array.of(1, 0, 0, 100);
  const rows = await dequantized(holding(quantized('text.features', { shape: [2, 2], data }))).read('text.features');
  expectClose(rows.data as Float32Array, data, 1e-5);
  const [, steps] = quantized('text.head.weight', { shape: [2, 2], data });
  expect(steps![1]).toEqual({ shape: [2], data: Float32Array.of(1 / 127, 100 / 127) });
});

it('vectors stay as they are, and a row of zeros stays zero', async () => {
  const vector = { shape: [3], data: values(3) };
  expect(quantized('text.norm.bias', vector)).toEqual([['text.norm.bias', vector]]);
  const zeros = quantized('text.features', { shape: [1, 2], data: new Float32Array(2) });
  expect([...(await dequantized(holding(zeros)).read('text.features')).data]).toEqual([0, 0]);
});
