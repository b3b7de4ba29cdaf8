import { describeGolden, goldenJson } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { type Filter, type Image, resizeImage } from '../../src/index.ts';
import { centerCrop } from '../../src/image/crop.ts';
import { goldenImage, manifest, ramp, sha256 } from './golden-image.ts';

describeGolden('against Pillow', () => {
  it('every filter, scale and mode gives the same bytes', async () => {
    const { resize, sources } = await manifest();
    const images = new Map<string, Image>();
    for (const { source, filter, size_wh, sha256_raw } of resize) {
      const image = images.get(source) ?? (await goldenImage(`oracles/${sources[source]!.file}`));
      images.set(source, image);
      const out = resizeImage(image, { width: size_wh[0], height: size_wh[1], filter });
      expect(await sha256(out.data), `${source} ${filter} ${size_wh}`).toBe(sha256_raw);
    }
    expect(resize.length).toBe(96);
  });

  it('an older Pillow gives the same bytes', async () => {
    const { synthetic } = await goldenJson<{ synthetic: Record<string, number[][][]> }>(
      'golden/preprocess/preprocess.json',
    );
    const { in: source, ...outputs } = synthetic;
    const image: Image = { data: Uint8Array.from(source!.flat(2)), width: 17, height: 13, channels: 3 };
    for (const [name, expected] of Object.entries(outputs)) {
      const [filter, size] = name.split('_') as [Filter, string];
      const [width, height] = size.split('x').map(Number) as [number, number];
      expect([...resizeImage(image, { width, height, filter }).data], `source ${name}`).toEqual(expected.flat(2));
    }
    expect(Object.keys(outputs).length).toBe(15);
  });
});

describe('resizeImage', () => {
  const noise = (width: number, height: number, channels: Image['channels']): Image => {
    const data = Uint8Array.from({ length: width * height * channels }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
    return { data, width, height, channels };
  };

  it.each([1, 2, 3, 4] as const)('the same size leaves %i channels unchanged', (channels) => {
    const image = noise(9, 5, channels);
    const out = resizeImage(image, { width: 9, height: 5, filter: 'lanczos' });
    expect(out).toEqual(image);
    expect(out.data).not.toBe(image.data);
  });

  it.each([1, 3] as const)('a constant image of %i channels stays constant', (channels) => {
    const image: Image = { data: new Uint8Array(35 * channels).fill(201), width: 7, height: 5, channels };
    const out = resizeImage(image, { width: 11, height: 3, filter: 'bicubic' });
    expect(out.data).toEqual(new Uint8Array(33 * channels).fill(201));
  });

  it.each(['nearest', 'box', 'bicubic', 'lanczos'] as const)('a window is that part of the whole, %s', (filter) => {
    const image = noise(40, 30, 4);
    const size = { width: 27, height: 19, filter };
    const window = { left: 10, top: 7, width: 7, height: 5 };
    expect(resizeImage(image, { ...size, window })).toEqual(
      centerCrop(resizeImage(image, size), { width: 7, height: 5 }),
    );
  });

  it('an indexed image is resized by nearest neighbour', () => {
    const image = noise(8, 6, 3);
    const size = { width: 5, height: 5 };
    const out = resizeImage({ ...image, indexed: true }, { ...size, filter: 'bicubic' });
    expect(out.data).toEqual(resizeImage(image, { ...size, filter: 'nearest' }).data);
    expect(out.indexed).toBe(true);
  });

  it('colour under zero alpha does not bleed into its neighbours', () => {
    const image: Image = { data: Uint8Array.of(255, 0, 0, 0, 0, 0, 255, 255), width: 2, height: 1, channels: 4 };
    const { data } = resizeImage(image, { width: 1, height: 1, filter: 'bilinear' });
    expect([...data]).toEqual([0, 0, 255, 128]);
  });

  it.each([
    ['zero width', { width: 0, height: 4 }],
    ['a fraction', { width: 2.5, height: 4 }],
    ['a window outside', { width: 4, height: 4, window: { left: 2, top: 0, width: 3, height: 4 } }],
  ])('%s is refused', (_, size) => {
    expect(() => resizeImage(ramp(3, 3), { filter: 'box', ...size })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('a side that no table of weights could cover is refused', () => {
    const size = { width: 2 ** 25, height: 1, window: { left: 0, top: 0, width: 1, height: 1 } };
    expect(() => resizeImage(ramp(3, 3), { ...size, filter: 'box' })).toThrow(
      expect.objectContaining({ code: 'IMAGE_TOO_LARGE' }),
    );
  });
});
