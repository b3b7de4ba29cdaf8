import { describe, expect, it } from 'vitest';
import { imageSize } from '../../src/index.ts';
import { decodeImage } from './golden-image.ts';
import { files } from './format-files.ts';

/** Red, green, blue over white, black, grey. */
const upright = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 128, 128, 128];

const rgbOf = ({ data, channels }: { data: Uint8Array; channels: number }) =>
  [...data].filter((_, i) => channels === 3 || i % 4 < 3);

describe('other formats', () => {
  it('lossless WebP, turned by its EXIF orientation', async () => {
    const image = await decodeImage(files.webp);
    expect([image.width, image.height]).toEqual([2, 3]);
    expect(rgbOf(image)).toEqual([255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 255, 0, 128, 128, 128, 0, 0, 255]);
    const stored = await decodeImage(files.webp, { applyExif: false });
    expect([stored.width, stored.height]).toEqual([3, 2]);
    expect(rgbOf(stored)).toEqual(upright);
  });

  it.each(['webp', 'gif', 'avif'] as const)('%s: the size is in its header, as stored', (name) => {
    expect(imageSize(files[name])).toEqual({ width: 3, height: 2 });
  });

  it('a size that no header tells is refused', () => {
    expect(() => imageSize(Uint8Array.of(1, 2, 3))).toThrow('image of 3 bytes: expected PNG, JPEG');
    expect(() => imageSize(files.gif.subarray(0, 8))).toThrow('the file is cut off');
  });

  it('GIF, which is indexed', async () => {
    const image = await decodeImage(files.gif);
    expect(image).toMatchObject({ width: 3, height: 2, indexed: true });
    expect(rgbOf(image)).toEqual(upright);
  });

  it('lossless AVIF', async () => {
    const image = await decodeImage(files.avif);
    expect([image.width, image.height]).toEqual([3, 2]);
    expect(rgbOf(image)).toEqual(upright);
  });

  it('alpha of WebP stays straight', async () => {
    const { data, channels } = await decodeImage(files.webpAlpha);
    expect(channels).toBe(4);
    expect([...data.subarray(0, 4)]).toEqual([255, 0, 0, 128]);
    expect(data[7]).toBe(0);
  });

  it('CMYK JPEG, stored inverted as Adobe does', async () => {
    // Ink 3 255 193 30 above, 118 0 226 0 below, as libvips reads them.
    const { data, channels } = await decodeImage(files.cmyk);
    expect(channels).toBe(3);
    for (const [at, expected] of [
      [0, [222, 0, 55]],
      [data.length - 3, [137, 255, 29]],
    ] as const) {
      expected.forEach((value, c) => expect(Math.abs(data[at + c]! - value)).toBeLessThanOrEqual(2));
    }
  });

  it.each(['webp', 'gif', 'avif', 'cmyk'] as const)('%s over maxPixels is refused', async (name) => {
    await expect(decodeImage(files[name], { maxPixels: 5 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it('no limit is a limit too', async () => {
    expect((await decodeImage(files.gif, { maxPixels: Infinity })).width).toBe(3);
  });

  it.each(['webp', 'gif', 'avif', 'cmyk'] as const)('half of a %s file is refused', async (name) => {
    const half = files[name].subarray(0, files[name].length / 2);
    await expect(decodeImage(half)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });
});

it('TIFF that ends in its palette is refused, as by Pillow', async () => {
  const file = Uint8Array.from(
    atob(
      'SUkqABwAAAB4nGNkZGQAAkb8FIiBSgEAA1MAHwsAAAEDAAEAAAAHAAAAAQEDAAEAAAAIAAAAAgEDAAEAAAAIAAAAAwEDAAEAAAAIAAAABgEDAAEAAAADAAAAEQEEAAEAAAAIAAAAEgEDAAEAAAAFAAAAFgEDAAEAAAAIAAAAFwEEAAEAAAAUAAAAHAEDAAEAAAABAAAAQAEDAAADAACmAAAAAAAAAAB6',
    ),
    (letter) => letter.charCodeAt(0),
  );
  await expect(decodeImage(file)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
});
