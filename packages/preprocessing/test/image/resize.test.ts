import { describe, expect, it } from 'vitest';
import { type Image, resizeImage } from '../../src/index.ts';
import { centerCrop } from '../../src/image/image.ts';
import { ramp } from './golden-image.ts';
import { describePillow } from './pillow.ts';

describePillow('in plain JavaScript');

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
