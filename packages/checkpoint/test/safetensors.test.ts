import { openSafetensors } from '@diptych/checkpoint';
import type { EmbeddingError } from '@diptych/core';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { bytesSource, safetensorsBytes } from './bytes.ts';

interface Manifest {
  readonly cases: readonly { readonly file: string; readonly valid: boolean }[];
}

const open = (header: unknown, data?: ArrayLike<number>) =>
  openSafetensors(bytesSource('m.safetensors', safetensorsBytes(header, data)));
const f32 = (shape: readonly number[], begin: number, end: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

describeGolden('the files of the reference reader', () => {
  it('end as its manifest says', async () => {
    const { cases } = await goldenJson<Manifest>('golden/safetensors/manifest.json');
    expect(cases).toHaveLength(16);
    const endings = cases.map(async ({ file }) => {
      const path = `golden/safetensors/${file}`;
      const source = bytesSource(path, await goldenBytes(path));
      const error = await openSafetensors(source).then(
        () => undefined,
        (thrown: EmbeddingError) => thrown,
      );
      return { file, code: error?.code, named: error?.message.startsWith(`${path}: `) };
    });
    expect(await Promise.all(endings)).toEqual(
      cases.map(({ file, valid }) =>
        valid ? { file, code: undefined, named: undefined } : { file, code: 'CHECKPOINT_INVALID', named: true },
      ),
    );
  });
});

describe('openSafetensors', () => {
  it('reads only the header, then one tensor by its range', async () => {
    const bytes = safetensorsBytes({ a: f32([1], 0, 4), b: f32([1], 4, 8) }, [0, 0, 128, 63, 0, 0, 0, 64]);
    const ranges: number[][] = [];
    const checkpoint = await openSafetensors({
      name: 'm.safetensors',
      size: bytes.length,
      read: async (begin, end) => (ranges.push([begin, end]), bytes.subarray(begin, end)),
    });
    const data = bytes.length - 8;
    expect(checkpoint.shape('b')).toEqual([1]);
    expect(ranges).toEqual([
      [0, 8],
      [8, data],
    ]);
    expect(await checkpoint.read('b')).toEqual({ shape: [1], data: Float32Array.of(2) });
    expect(ranges[2]).toEqual([data + 4, data + 8]);
  });

  it('gives arrays of their own, which a caller may change', async () => {
    const checkpoint = await open({ a: f32([1], 0, 4) }, [0, 0, 128, 63]);
    const first = await checkpoint.read('a');
    first.data[0] = 7;
    expect((await checkpoint.read('a')).data[0]).toBe(1);
  });

  it('reads part of an array into the room that it is given', async () => {
    const bytes = safetensorsBytes(
      { a: f32([1], 0, 4), b: { dtype: 'BF16', shape: [2, 2], data_offsets: [4, 12] } },
      [0, 0, 128, 63, 128, 63, 0, 64, 64, 64, 128, 64],
    );
    const { readRange } = await openSafetensors({
      name: 'm.safetensors',
      size: bytes.length,
      read: async (begin, end, _, room = new Uint8Array(end - begin)) => {
        room.set(bytes.subarray(begin, end));
        return room;
      },
    });
    const room = new Uint8Array(64);
    expect(await readRange('a', [0, 1], room)).toEqual(Float32Array.of(1));
    expect((await readRange('a', [0, 1], room)).buffer).toBe(room.buffer);
    expect(await readRange('a', [0, 1])).toEqual(Float32Array.of(1));
    expect(await readRange('a', [0, 1], new Uint8Array(3))).toEqual(Float32Array.of(1));
    expect(await readRange('b', [1, 3], room)).toEqual(Float32Array.of(2, 3));
    expect(await readRange('b', [4, 4], room)).toEqual(new Float32Array());
    for (const range of [
      [-1, 1],
      [2, 1],
      [0, 5],
    ] as const) {
      await expect(readRange('b', range)).rejects.toMatchObject({
        code: 'CHECKPOINT_INVALID',
        message: `m.safetensors: tensor 'b': expected a range of its 4 values, got ${range[0]} to ${range[1]}`,
      });
    }
  });

  it('keeps the metadata', async () => {
    const checkpoint = await open({ __metadata__: { format: 'pt' } });
    expect([...checkpoint.metadata]).toEqual([['format', 'pt']]);
    expect((await open({ __metadata__: null })).metadata.size).toBe(0);
    expect(checkpoint.names.size).toBe(0);
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s as a name like any other', async (name) => {
    const checkpoint = await open(`{"${name}":${JSON.stringify(f32([1], 0, 4))}}`, [0, 0, 128, 63]);
    expect([...checkpoint.names]).toEqual([name]);
    expect((await checkpoint.read(name)).data).toEqual(Float32Array.of(1));
    expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
  });

  it('says which tensor it does not have', async () => {
    const checkpoint = await open({});
    await expect(checkpoint.read('toString')).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
      message: expect.stringMatching(/m\.safetensors.*toString/),
    });
  });

  it('rejects with the reason of an aborted signal, before and while reading', async () => {
    const source = bytesSource('m.safetensors', safetensorsBytes({ a: f32([0], 0, 0) }));
    const reason = new Error('enough');
    await expect(openSafetensors(source, AbortSignal.abort(reason))).rejects.toBe(reason);
    const checkpoint = await openSafetensors(source);
    await expect(checkpoint.read('a', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('a header that breaks its promise is refused, naming the file and the tensor', () => {
  const entry = JSON.stringify(f32([1], 0, 4));
  const four = [0, 0, 0, 0];
  it.each<[problem: string, header: unknown, data: readonly number[], named: RegExp]>([
    ['overlap', { a: f32([2], 0, 8), b: f32([1], 4, 8) }, [...four, ...four], /'b'.*overlap/],
    ['hole', { a: f32([1], 0, 4), b: f32([1], 8, 12) }, [...four, ...four, ...four], /'b'.*hole/],
    ['hole at the start', { a: f32([1], 4, 8) }, [...four, ...four], /'a'.*hole/],
    ['trailing bytes', { a: f32([1], 0, 4) }, [...four, 9], /1 belong to no tensor/],
    ['missing bytes', { a: f32([1], 0, 4) }, [0, 0], /'a'.*within 2 bytes/],
    ['duplicate name', `{"a":${entry},"a":${entry}}`, four, /duplicate key 'a'/],
    ['duplicate name behind an escape', `{"a":${entry},"\\u0061" :${entry}}`, four, /duplicate key 'a'/],
    ['duplicate __proto__', `{"__proto__":${entry},"__proto__":${entry}}`, four, /duplicate key '__proto__'/],
    ['duplicate field', `{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, four, /'dtype'/],
    ['unknown dtype', { a: { dtype: 'F31', shape: [1], data_offsets: [0, 4] } }, four, /'a'.*dtype.*F31/],
    ['inherited dtype', { a: { dtype: 'toString', shape: [1], data_offsets: [0, 4] } }, four, /'a'.*dtype/],
    ['negative size', { a: f32([-1], 0, 4) }, four, /'a'.*shape/],
    ['fractional size', { a: f32([0.5], 0, 2) }, [0, 0], /'a'.*shape/],
    ['overflowing shape hidden by a zero', { a: f32([2 ** 52, 2 ** 52, 0], 0, 0) }, [], /'a'/],
    ['offsets backwards', { a: f32([1], 4, 0) }, four, /'a'.*data_offsets/],
    ['three offsets', { a: { dtype: 'F32', shape: [1], data_offsets: [0, 4, 8] } }, four, /'a'.*data_offsets/],
    ['no offsets', { a: { dtype: 'F32', shape: [1] } }, four, /'a'.*data_offsets/],
    ['tensor not an object', { a: null }, [], /'a'/],
    ['header not an object', '[]', [], /object/],
    ['metadata of numbers', { __metadata__: { step: 1 } }, [], /__metadata__/],
    ['metadata not an object', { __metadata__: 'pt' }, [], /__metadata__/],
    ['byte order mark', '\u{feff}{}', [], /JSON/],
    ['text after the object', '{} {}', [], /JSON/],
    ['deep nesting', '['.repeat(100_000), [], /JSON/],
  ])('%s', async (_problem, header, data, named) => {
    const opened = open(header, data);
    await expect(opened).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
    await expect(opened).rejects.toThrow(/^m\.safetensors: /);
    await expect(opened).rejects.toThrow(named);
  });
});
