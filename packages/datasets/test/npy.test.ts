import { describeGolden, goldenBytes } from '@diptych/golden';
import { openNpy } from '@diptych/datasets';
import { describe, expect, it } from 'vitest';
import { filesOf } from './files.ts';

/** A file as NumPy writes it: version 1.0, a dictionary, then the values. */
function npy(dictionary: string, values: ArrayBufferView<ArrayBuffer>, version = 1): Uint8Array<ArrayBuffer> {
  const lead = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'), version, 0);
  const text = new TextEncoder().encode(dictionary.padEnd(117));
  const length = version === 1 ? Uint8Array.of(text.length, 0) : Uint8Array.of(text.length, 0, 0, 0);
  const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return Uint8Array.from([...lead, ...length, ...text, ...data]);
}

const described = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }`;

const open = async (bytes: Uint8Array<ArrayBuffer>) => openNpy(filesOf({ 'x.npy': bytes }), 'x.npy');

describe('a .npy file', () => {
  it.each([
    ['<f4', Float32Array.of(1, 2, 3, 4, 5, 6)],
    ['<f8', Float64Array.of(1, 2, 3, 4, 5, 6)],
    ['<f2', Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600)],
  ])('of %s gives its rows, all or some', async (type, values) => {
    for (const version of [1, 2, 3]) {
      const rows = await open(npy(described(type, '3, 2'), values, version));
      expect(rows.shape).toEqual([3, 2]);
      expect([...(await rows.read(0, 3))]).toEqual([1, 2, 3, 4, 5, 6]);
      expect([...(await rows.read(1, 2))]).toEqual([3, 4]);
      expect([...(await rows.read(3, 3))]).toEqual([]);
    }
  });

  it('has the special values of half precision', async () => {
    const rows = await open(npy(described('<f2', '1, 6'), Uint16Array.of(0x8000, 1, 0x3ff, 0x7bff, 0xfc00, 0x7e00)));
    expect([...(await rows.read(0, 1))]).toEqual([-0, 2 ** -24, 1023 * 2 ** -24, 65504, -Infinity, NaN]);
  });

  it('is refused when it is damaged, another file, or cut short', async () => {
    const whole = npy(described('<f4', '3, 2'), new Float32Array(6));
    for (const bytes of [
      new Uint8Array(0),
      Uint8Array.from({ length: 200 }),
      whole.slice(0, 60),
      whole.slice(0, -1),
      npy("{'shape': 3}", new Float32Array(6)),
      npy(described('<f4', '3, 2'), new Float32Array(6), 4),
    ]) {
      await expect(open(bytes)).rejects.toMatchObject({ code: 'INPUT_INVALID', message: /x\.npy/ });
    }
    await expect(openNpy(filesOf({}), 'x.npy')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect((await open(whole)).read(2, 4)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('of other types, axes and orders is not supported', async () => {
    for (const dictionary of [
      described('<i4', '3, 2'),
      described('>f4', '3, 2'),
      described('<f4', '6,'),
      described('<f4', '3, 2', 'True'),
    ]) {
      await expect(open(npy(dictionary, new Float32Array(6)))).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    }
  });
});

describeGolden('features stored by NumPy', () => {
  it('are read as they were written', async () => {
    const rows = await open(await goldenBytes('data/flickr8k/mobilenet_v1_075_gap_f16.npy'));
    expect(rows.shape).toEqual([8091, 768]);
    // Means of ReLU6.
    expect((await rows.read(0, 8091)).every((value) => value >= 0 && value <= 6)).toBe(true);
    // By the struct module of Python.
    const row = await rows.read(100, 101);
    expect([...row.subarray(0, 4)]).toEqual([0.056976318359375, 1.146484375, 0.07843017578125, 0.27490234375]);
  });
});
