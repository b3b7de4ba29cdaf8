import { describeGolden, goldenBytes } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { cmykToRgb, flatten, type Image, toGrey, toRgb } from '../../src/index.ts';
import { toRgbInPlace } from '../../src/image/image.ts';
import { decodeImage, goldenImage, manifest, sha256 } from './golden-image.ts';

describeGolden('colour against Pillow', () => {
  it('every mode becomes the same RGB', async () => {
    const { to_rgb, sources } = await manifest();
    const { grey16_24x10: clipped, ...expected } = to_rgb;
    expect(clipped).toBeDefined();
    for (const [name, { sha256_raw }] of Object.entries(expected)) {
      const { data } = toRgb(await goldenImage(`oracles/${sources[name]!.file}`));
      expect(await sha256(data), `source ${name}`).toBe(sha256_raw);
    }
  });

  it('16-bit grey keeps its high byte where Pillow clips', async () => {
    const { data } = await goldenImage('oracles/pil/grey16_24x10.png');
    expect([...data]).toEqual(Array.from({ length: 240 }, (_, i) => (i * 273) >> 8));
  });

  it('decoded samples keep their mode', async () => {
    const { sources } = await manifest();
    for (const [name, { file, mode, size_wh }] of Object.entries(sources)) {
      const image = await goldenImage(`oracles/${file}`);
      expect([image.width, image.height], `source ${name}`).toEqual(size_wh);
      expect(image.indexed ?? false, `source ${name}`).toBe(mode === 'P' || mode === '1');
    }
    const direct = Object.values(sources).filter(({ mode }) => ['L', 'LA', 'RGB', 'RGBA'].includes(mode));
    for (const { file, sha256_raw } of direct) {
      expect(await sha256((await goldenImage(`oracles/${file}`)).data), `file ${file}`).toBe(sha256_raw);
    }
    expect(direct.length).toBe(12);
  });

  it('16-bit RGB keeps the high byte of every sample', async () => {
    const { sixteen_bit_rgb_png: values } = await manifest();
    const { data } = await goldenImage('oracles/pil/rgb16_5x4.png');
    expect([...data.subarray(0, 15)]).toEqual(values.values_first_row.flat().map((v) => v >> 8));
  });

  it('CMYK and luma are the same integers', async () => {
    const { cmyk, rgb_to_L } = await manifest();
    expect([...cmykToRgb(Uint8Array.from(cmyk.cmyk.flat()))]).toEqual(cmyk.rgb.flat());
    const rgb: Image = { data: Uint8Array.from(rgb_to_L.rgb.flat()), width: 16, height: 1, channels: 3 };
    expect([...toGrey(rgb).data]).toEqual(rgb_to_L.L);
  });

  it('a background shows where a palette is transparent', async () => {
    const { sources } = await manifest();
    const plain = await goldenImage(`oracles/${sources['p_24x18']!.file}`);
    const keyed = await goldenBytes(`oracles/${sources['p_trns_24x18']!.file}`);
    const over = await decodeImage(keyed, { background: [1, 2, 3] });
    const pixels = Array.from({ length: 24 * 18 }, (_, i) => [over.data, plain.data].map((data) => colorAt(data, i)));
    const changed = pixels.filter(([after, before]) => after !== before);
    expect(changed.every(([after]) => after === '1,2,3')).toBe(true);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.length).toBeLessThan(pixels.length);
  });

  const colorAt = (data: Uint8Array, pixel: number) => data.subarray(pixel * 3, pixel * 3 + 3).join();
});

describe('flatten', () => {
  it('blends by alpha', () => {
    const image: Image = { data: Uint8Array.of(200, 0, 200, 51, 200, 255), width: 3, height: 1, channels: 2 };
    expect([...flatten(image, [255, 100, 0]).data]).toEqual([255, 100, 0, 244, 120, 40, 200, 200, 200]);
  });

  it('a colour outside [0, 255] is refused', () => {
    const image: Image = { data: new Uint8Array(4), width: 1, height: 1, channels: 4 };
    expect(() => flatten(image, [256, 0, 0])).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

it.each([1, 3, 4, 5, 8, 9, 31])('%i pixels lose their alpha, wherever they lie in memory, in place too', (count) => {
  for (const offset of [0, 1, 2, 4]) {
    const data = new Uint8Array(offset + count * 4).subarray(offset).map((_, i) => i * 7 + 1);
    const moved = new Uint8Array(offset + data.length).subarray(offset);
    moved.set(data);
    const image = { width: count, height: 1, channels: 4 } as const;
    const expected = data.filter((_, i) => i % 4 < 3);
    expect(toRgb({ ...image, data: moved }).data).toEqual(expected);
    expect(toRgbInPlace({ ...image, data: moved }).data).toEqual(expected);
  }
});
