import { encodeSafetensors, openSafetensors } from '@diptych/checkpoint';
import type { StoredTensor } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { bytesSource } from './bytes.ts';

const tensors: Readonly<Record<string, StoredTensor>> = {
  bytes: { shape: [3], data: Uint8Array.of(0, 1, 255) },
  signed: { shape: [1, 3], data: Int8Array.of(-128, 0, 127) },
  short: { shape: [2], data: Int16Array.of(-32768, 32767) },
  halves: { shape: [1], data: Uint16Array.of(65535) },
  whole: { shape: [2], data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
  counts: { shape: [1], data: Uint32Array.of(2 ** 32 - 1) },
  large: { shape: [1], data: BigInt64Array.of(-(2n ** 63n)) },
  larger: { shape: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
  singles: { shape: [2, 2], data: Float32Array.of(-0, NaN, Infinity, 1e-45) },
  doubles: { shape: [], data: Float64Array.of(Math.PI) },
  none: { shape: [0, 4], data: new Float32Array(0) },
};

describe('encodeSafetensors', () => {
  it('keeps every type, shape and bit', async () => {
    const bytes = encodeSafetensors(Object.entries(tensors), { epoch: '3', 'a "note"': 'ü' });
    const file = await openSafetensors(bytesSource('memory', bytes));
    expect([...file.names].toSorted()).toEqual(Object.keys(tensors).toSorted());
    expect([...file.metadata]).toEqual([
      ['epoch', '3'],
      ['a "note"', 'ü'],
    ]);
    for (const [name, tensor] of Object.entries(tensors)) {
      const found = await file.read(name);
      expect(found).toEqual(tensor);
      expect(new Uint8Array(found.data.buffer)).toEqual(new Uint8Array(tensor.data.buffer));
    }
  });

  it('gives the same bytes in whatever order, and aligned arrays', async () => {
    const bytes = encodeSafetensors(Object.entries(tensors));
    expect(encodeSafetensors(Object.entries(tensors).toReversed())).toEqual(bytes);
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(header % 8).toBe(0);
    const parsed = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + header))) as Record<
      string,
      { data_offsets: [number, number] }
    >;
    for (const [name, { data }] of Object.entries(tensors)) {
      expect(parsed[name]!.data_offsets[0] % data.BYTES_PER_ELEMENT).toBe(0);
    }
  });

  it('writes part of a larger buffer, and no array at all', async () => {
    const part = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
    const file = await openSafetensors(bytesSource('part', encodeSafetensors([['x', { shape: [2], data: part }]])));
    expect([...((await file.read('x')).data as Float32Array)]).toEqual([2, 3]);
    expect((await openSafetensors(bytesSource('empty', encodeSafetensors([])))).names.size).toBe(0);
  });

  it('refuses a shape of another size and the reserved name', () => {
    const data = new Float32Array(3);
    expect(() => encodeSafetensors([['x', { shape: [2, 2], data }]])).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', message: 'x: expected 4 values for [2,2], got 3' }),
    );
    expect(() => encodeSafetensors([['__metadata__', { shape: [3], data }]])).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });
});
