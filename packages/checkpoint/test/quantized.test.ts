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
