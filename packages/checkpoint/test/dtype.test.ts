import { openSafetensors } from '@diptych/checkpoint';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { bytesSource, safetensorsBytes } from './bytes.ts';

/** The one tensor of a file, from the bytes of its data. */
async function decode(dtype: string, size: number, bytes: ArrayLike<number>) {
  const header = { x: { dtype, shape: [bytes.length / size], data_offsets: [0, bytes.length] } };
  const file = await openSafetensors(bytesSource('x.safetensors', safetensorsBytes(header, bytes)));
  return (await file.read('x')).data;
}

const allHalfs = new Uint8Array(Uint16Array.from({ length: 65536 }, (_, bits) => bits).buffer);

describeGolden('every dtype', () => {
  const arrays = {
    f16: Float32Array,
    bf16: Float32Array,
    f8_e4m3: Float32Array,
    f8_e5m2: Float32Array,
    f32: Float32Array,
    f64: Float64Array,
    i64: BigInt64Array,
    i32: Int32Array,
    i16: Int16Array,
    i8: Int8Array,
    u8: Uint8Array,
    bool: Uint8Array,
  } as const;

  it.each(Object.entries(arrays))('%s is exact, infinities, NaN and -0 included', async (name, type) => {
    const path = 'oracles/dtypes.safetensors';
    const file = await openSafetensors(bytesSource(path, await goldenBytes(path)));
    const expected = (await goldenJson<Record<string, unknown[]>>('oracles/dtypes.json'))[name]!;
    const { data } = await file.read(name);
    expect(data).toBeInstanceOf(type);
    const values = expected.map((v) => (type === BigInt64Array ? BigInt(v as string) : Number(v)));
    expect([...data]).toEqual(values);
  });

  it('a scalar has the empty shape, an empty array no values', async () => {
    const path = 'oracles/dtypes.safetensors';
    const file = await openSafetensors(bytesSource(path, await goldenBytes(path)));
    const { scalar } = await goldenJson<{ scalar: number }>('oracles/dtypes.json');
    expect(await file.read('scalar')).toEqual({ shape: [], data: Float32Array.of(scalar) });
    expect(await file.read('empty')).toEqual({ shape: [0, 3], data: new Float32Array(0) });
  });
});

describe('half precision', () => {
  it('F16: all 65,536 values rise with their bits, mirror at zero and stop at 65,504', async () => {
    const values = await decode('F16', 2, allHalfs);
    const positive = [...values.subarray(0, 0x7c01)];
    expect(positive.every((v, i) => i === 0 || v > positive[i - 1]!)).toBe(true);
    expect([values[1], values[0x3c00], values[0x7bff], values[0x7c00]]).toEqual([2 ** -24, 1, 65504, Infinity]);
    expect([...values.subarray(0x7c01, 0x8000)].every(Number.isNaN)).toBe(true);
    expect([...values.subarray(0x8000, 0xfc01)]).toEqual(positive.map((v) => -v));
  });

  it('BF16: all 65,536 values keep the bits of the upper half of a float32', async () => {
    const values = await decode('BF16', 2, allHalfs);
    const bits = new Uint32Array((values as Float32Array).slice().buffer);
    expect(bits.every((b, i) => b === i * 65536)).toBe(true);
  });

  it('F8_E4M3 has no infinity: 0x7e is 448 and 0x7f is NaN', async () => {
    expect([...(await decode('F8_E4M3', 1, [0x7e, 0x7f, 0x80, 0x01]))]).toEqual([448, NaN, -0, 2 ** -9]);
  });
});

describe('unsigned integers', () => {
  it('U16, U32 and U64 reach their largest value', async () => {
    expect(await decode('U16', 2, [255, 255])).toEqual(Uint16Array.of(65535));
    expect(await decode('U32', 4, [255, 255, 255, 255])).toEqual(Uint32Array.of(2 ** 32 - 1));
    expect(await decode('U64', 8, Array<number>(8).fill(255))).toEqual(BigUint64Array.of(2n ** 64n - 1n));
  });
});
