import { given } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import type { ImageInput } from '../../src/index.ts';
import { decodeImage } from './golden-image.ts';
import { pngFile } from './png-file.ts';

const plain = { height: 1, width: 1, depth: 8, colorType: 0, scanlines: Uint8Array.of(0, 7) };

/** A header chunk's content: 8-bit grey of that size. */
function header(width: number, height: number): Uint8Array {
  const data = new Uint8Array(13);
  new DataView(data.buffer).setUint32(0, width);
  new DataView(data.buffer).setUint32(4, height);
  data[8] = 8;
  return data;
}

describe('the size that is judged is the size that is decoded', () => {
  it('a second header counts, as in Pillow', async () => {
    const file = await pngFile({ ...plain, chunks: [['IHDR', header(60_000, 60_000)]] });
    await expect(decodeImage(file, { maxPixels: 1000 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it('a chunk before the header does not hide it', async () => {
    const file = await pngFile({ ...plain, width: 60_000, height: 60_000 });
    const text = await pngFile({ ...plain, chunks: [['tEXt', new Uint8Array(20)]] });
    const hidden = Uint8Array.of(...file.subarray(0, 8), ...text.subarray(33, 65), ...file.subarray(8));
    await expect(decodeImage(hidden, { maxPixels: 1000 })).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it.each([
    ['BMP', [0x42, 0x4d, 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 24, 0]],
    ['TIFF', [73, 73, 42, 0, 8, 0, 0, 0, 2, 0, 0, 1, 4, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1, 4, 0, 1, 0, 0, 0, 0, 0, 1, 0]],
  ])('%s is refused by its header', async (_, start) => {
    const file = new Uint8Array(80);
    file.set(start);
    await expect(decodeImage(file)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });
});

describe('what is no image is refused with words', () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['undefined', undefined],
    ['null', null],
    ['5', 5],
    ['true', true],
    ["the string ''", ''],
    ['a list of 2', [1, 2]],
    ['an object with a, b', { a: 1, b: 2 }],
    ['an object with nothing', {}],
    ['a function', () => {}],
    ['a Date', new Date(0)],
  ];
  it.each(wrong)('%s', async (got, input) => {
    await expect(decodeImage(input as ImageInput)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(`got ${got}`) as string,
    });
  });

  it.each([
    ['maxPixels', { maxPixels: NaN }],
    ['maxPixels', { maxPixels: given('many') }],
    ['background', { background: given('red') }],
    ['background', { background: given([1, 2]) }],
  ])('%s', async (name, options) => {
    await expect(decodeImage(await pngFile(plain), options)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(name) as string,
    });
  });

  it('pixels that are none', async () => {
    await expect(decodeImage(given({ data: 'abc', width: 1, height: 1 }))).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: /got 'abc'/,
    });
  });

  it('HEIC says what to do, where it is not decoded', async () => {
    const file = Uint8Array.of(
      0,
      0,
      0,
      24,
      ...new TextEncoder().encode('ftypheic'),
      0,
      0,
      0,
      0,
      ...new TextEncoder().encode('mif1heic'),
    );
    const box = (type: string, ...body: readonly number[]): number[] => {
      return [0, 0, 0, 8 + body.length, ...new TextEncoder().encode(type), ...body];
    };
    const ispe = box('ispe', 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 8);
    const sized = Uint8Array.of(...file, ...box('meta', 0, 0, 0, 0, ...box('iprp', ...box('ipco', ...ispe))));
    await expect(decodeImage(sized)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: /HEIC.*convert it to JPEG/,
    });
  });
});
