import { describe, expect, it } from 'vitest';
import { blobFiles, type ByteSource } from '@diptych/files';
import { openSafetensors, rewriteSafetensors } from '../src/index.ts';

/** A file with one array of each type, four values each, and a note. */
function fileOf(dtypes: readonly (readonly [name: string, size: number])[]): Uint8Array<ArrayBuffer> {
  let at = 0;
  const entries = dtypes.map(([dtype, size]) => {
    const offsets = [at, (at += 4 * size)];
    return [dtype, { dtype, shape: [2, 2], data_offsets: offsets }] as const;
  });
  const header = new TextEncoder().encode(
    JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(entries) }),
  );
  const bytes = new Uint8Array(8 + header.length + at).map((_, i) => i % 251);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}

async function sourceOf(bytes: Uint8Array<ArrayBuffer>): Promise<ByteSource> {
  return (await blobFiles({ x: new Blob([bytes]) }, 'files').open('x'))!;
}

const types = [
  ['F64', 8],
  ['F32', 4],
  ['I64', 8],
  ['F16', 2],
  ['BF16', 2],
] as const;

/** The nearest of all that a type has, ties to the one whose last bit is 0: found by trying each. */
async function nearest(dtype: 'F16' | 'BF16', value: number): Promise<number> {
  const codes = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i);
  const header = new TextEncoder().encode(
    JSON.stringify({ x: { dtype, shape: [2 ** 16], data_offsets: [0, 2 ** 17] } }),
  );
  const bytes = new Uint8Array(8 + header.length + 2 ** 17);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(new Uint8Array(codes.buffer), 8 + header.length);
  const { data } = await (await openSafetensors(await sourceOf(bytes))).read('x');
  let best = 0;
  for (const [code, one] of (data as Float32Array).entries()) {
    const [distance, before] = [Math.abs(one - value), Math.abs((data as Float32Array)[best]! - value)];
    if (distance < before || (distance === before && code % 2 === 0 && best % 2 === 1)) best = code;
  }
  return (data as Float32Array)[best]!;
}

describe('rewriteSafetensors', () => {
  it('changes what it is given and not a bit of the rest', async () => {
    const before = fileOf(types);
    const changed = Float32Array.of(1.5, -2, 0, 3);
    const bytes = await rewriteSafetensors(await sourceOf(before), (name) => (name === 'F16' ? changed : undefined));
    const [old, after] = [before, bytes].map(async (one) => openSafetensors(await sourceOf(new Uint8Array(one))));
    for (const name of (await after)!.names) {
      const { data, shape } = await (await after)!.read(name);
      expect(data).toEqual(name === 'F16' ? changed : (await (await old)!.read(name)).data);
      expect(shape).toEqual([2, 2]);
    }
    expect((await after)!.metadata).toEqual(new Map([['format', 'pt']]));
    expect(bytes).toHaveLength(before.length);
    expect(bytes.filter((byte, i) => byte !== before[i]).length).toBeLessThanOrEqual(8);
  });

  it.each(['F16', 'BF16'] as const)('rounds to the nearest %s, ties to even', async (dtype) => {
    const tiny = 2 ** -25;
    const values = [1 / 3, -1 / 3, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 6e-6, tiny, 3 * tiny];
    const more = [1.1 * tiny, 2 ** -14 - 2 ** -26, 60_001, 65_504, 0];
    const all = Float32Array.from([...values, ...more, 1e-5, -7e-7]);
    for (let at = 0; at < all.length; at += 4) {
      const four = all.slice(at, at + 4);
      const bytes = await rewriteSafetensors(await sourceOf(fileOf([[dtype, 2]])), () => four);
      const { data } = await (await openSafetensors(await sourceOf(new Uint8Array(bytes)))).read(dtype);
      expect([...(data as Float32Array)]).toEqual(await Promise.all(Array.from(four, (one) => nearest(dtype, one))));
    }
  });

  it.each(['F16', 'BF16', 'F32', 'F64'] as const)('keeps what is no number as %s', async (dtype) => {
    const four = Float32Array.of(NaN, Infinity, -Infinity, -0);
    const size = { F16: 2, BF16: 2, F32: 4, F64: 8 }[dtype];
    const bytes = await rewriteSafetensors(await sourceOf(fileOf([[dtype, size]])), () => four);
    const { data } = await (await openSafetensors(await sourceOf(new Uint8Array(bytes)))).read(dtype);
    expect([...(data as Float32Array)]).toEqual([...four]);
  });

  it('refuses integers, and another number of values', async () => {
    const source = await sourceOf(fileOf(types));
    const given = (wanted: string, length: number) => (name: string) =>
      name === wanted ? new Float32Array(length) : undefined;
    await expect(rewriteSafetensors(source, given('I64', 4))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await expect(rewriteSafetensors(source, given('F32', 3))).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  });
});
