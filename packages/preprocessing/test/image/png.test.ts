import { describe, expect, it, vi } from 'vitest';
import { decodeImage } from './golden-image.ts';
import { pngFile } from './png-file.ts';

const plain = { height: 1, depth: 8, colorType: 0 };

describe('row filters', () => {
  // Rows of grey 10 20 30 / 11 22 33, each filter worked out by hand.
  it.each([
    ['none', [0, 11, 22, 33]],
    ['sub', [1, 11, 11, 11]],
    ['up', [2, 1, 2, 3]],
    ['average', [3, 6, 7, 7]],
    ['paeth', [4, 1, 2, 3]],
  ])('%s', async (_, second) => {
    const scanlines = Uint8Array.of(0, 10, 20, 30, ...second);
    const { data } = await decodeImage(await pngFile({ ...plain, width: 3, height: 2, scanlines }));
    expect([...data]).toEqual([10, 20, 30, 11, 22, 33]);
  });

  it('wrap around at 256 and start from zeros', async () => {
    const scanlines = Uint8Array.of(4, 200, 100, 0);
    const { data } = await decodeImage(await pngFile({ ...plain, width: 3, scanlines }));
    expect([...data]).toEqual([200, 44, 44]);
  });

  it('a filter that does not exist is refused', async () => {
    const file = await pngFile({ ...plain, width: 1, scanlines: Uint8Array.of(5, 0) });
    await expect(decodeImage(file)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });
});

describe('depths', () => {
  it.each([
    [1, 5, [0b10110000], [255, 0, 255, 255, 0]],
    [2, 5, [0b00011011, 0b01000000], [0, 85, 170, 255, 85]],
    [4, 3, [0x0f, 0x80], [0, 255, 136]],
    [16, 2, [0x12, 0xff, 0xab, 0x00], [0x12, 0xab]],
  ])('grey of %i bits', async (depth, width, row, expected) => {
    const image = await decodeImage(await pngFile({ ...plain, depth, width, scanlines: Uint8Array.of(0, ...row) }));
    expect([...image.data]).toEqual(expected);
    expect(image.indexed ?? false).toBe(depth === 1);
  });

  it.each([1, 2, 4, 8])('palette of %i bits', async (depth) => {
    const row = { 1: [0b01000000], 2: [0b00010000], 4: [0x01, 0x00], 8: [0, 1, 0] }[depth]!;
    const chunks = [['PLTE', Uint8Array.of(1, 2, 3, 9, 8, 7)]] as const;
    const scanlines = Uint8Array.of(0, ...row);
    const image = await decodeImage(await pngFile({ width: 3, height: 1, depth, colorType: 3, scanlines, chunks }));
    expect([...image.data]).toEqual([1, 2, 3, 9, 8, 7, 1, 2, 3]);
    expect(image).toMatchObject({ channels: 3, indexed: true });
  });

  it('a bare index past the palette is black', async () => {
    const chunks = [['PLTE', Uint8Array.of(1, 2, 3)]] as const;
    const file = await pngFile({ ...plain, width: 1, colorType: 3, scanlines: Uint8Array.of(0, 9), chunks });
    expect([...(await decodeImage(file)).data]).toEqual([0, 0, 0]);
  });

  it.each([
    [4, [1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 5, 7]],
    [6, [1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 5, 7]],
  ])('colour type %i of 16 bits keeps alpha', async (colorType, row, expected) => {
    const width = colorType === 4 ? 2 : 1;
    const file = await pngFile({ ...plain, width, depth: 16, colorType, scanlines: Uint8Array.of(0, ...row) });
    expect([...(await decodeImage(file)).data]).toEqual(expected);
  });

  it('a combination that does not exist is refused', async () => {
    const file = await pngFile({ ...plain, width: 1, depth: 4, colorType: 2, scanlines: Uint8Array.of(0, 0, 0) });
    await expect(decodeImage(file)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });
});

describe('tRNS', () => {
  it('marks one colour as transparent, only where a background asks', async () => {
    const scanlines = Uint8Array.of(0, 1, 2, 3, 1, 2, 4);
    const chunks = [['tRNS', Uint8Array.of(0, 1, 0, 2, 0, 3)]] as const;
    const file = await pngFile({ ...plain, width: 2, colorType: 2, scanlines, chunks });
    expect([...(await decodeImage(file)).data]).toEqual([1, 2, 3, 1, 2, 4]);
    const over = await decodeImage(file, { background: [255, 0, 9] });
    expect([...over.data]).toEqual([255, 0, 9, 1, 2, 4]);
  });
});

describe('interlace', () => {
  it.each([
    [1, 1],
    [3, 2],
    [9, 11],
    [16, 5],
  ])('Adam7 puts every pixel of %ix%i in its place', async (width, height) => {
    const at = (x: number, y: number) => (x * 31 + y * 57) & 255;
    const grids = [
      [0, 0, 8, 8],
      [4, 0, 8, 8],
      [0, 4, 4, 8],
      [2, 0, 4, 4],
      [0, 2, 2, 4],
      [1, 0, 2, 2],
      [0, 1, 1, 2],
    ] as const;
    const range = (from: number, to: number, step: number) =>
      Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, i) => from + i * step);
    const bytes = grids.flatMap(([x0, y0, dx, dy]) => {
      const columns = range(x0, width, dx);
      return columns.length === 0 ? [] : range(y0, height, dy).flatMap((y) => [0, ...columns.map((x) => at(x, y))]);
    });
    const file = await pngFile({ ...plain, width, height, interlace: 1, scanlines: Uint8Array.from(bytes) });
    const { data } = await decodeImage(file);
    expect([...data]).toEqual(Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width))));
  });
});

describe('damage', () => {
  const good = () => pngFile({ ...plain, width: 3, height: 2, scanlines: Uint8Array.of(0, 1, 2, 3, 0, 4, 5, 6) });

  it('a file cut off in its pixels is refused, one cut off behind them is not, as by Pillow', async () => {
    const bytes = await good();
    // From here on only the checksums and the end are missing.
    const pixelsEnd = 52;
    for (let length = 0; length < pixelsEnd; length++) {
      await expect(decodeImage(bytes.subarray(0, length)), `first ${length} bytes`).rejects.toMatchObject({
        code: 'IMAGE_INVALID',
      });
    }
    for (let length = pixelsEnd; length <= bytes.length; length++) {
      const { data } = await decodeImage(bytes.subarray(0, length));
      expect([...data], `first ${length} bytes`).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it('a flipped bit in header or pixels is refused', async () => {
    const bytes = await good();
    for (const at of [16, 19, 24, 43, 47]) {
      const damaged = bytes.with(at, bytes[at]! ^ 1);
      await expect(decodeImage(damaged), `byte ${at}`).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    }
  });

  it('too few pixels are refused and too many are not expanded', async () => {
    const short = await pngFile({ ...plain, width: 3, height: 2, scanlines: Uint8Array.of(0, 1, 2, 3) });
    await expect(decodeImage(short)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    const long = await pngFile({ ...plain, width: 2, scanlines: new Uint8Array(5_000_000) });
    expect((await decodeImage(long)).data).toEqual(new Uint8Array(2));
  });

  it('a header that promises more than the data can hold allocates nothing', async () => {
    const file = await pngFile({ ...plain, width: 13_000, height: 13_000, scanlines: Uint8Array.of(0, 0) });
    await expect(decodeImage(file)).rejects.toThrow('cannot hold');
  });
});

it('a picture is read where a Blob has no stream, as in jsdom', async () => {
  const file = await pngFile({ ...plain, width: 2, scanlines: Uint8Array.of(0, 7, 9) });
  const stream = vi.spyOn(Blob.prototype, 'stream').mockImplementation(() => {
    throw new TypeError('blob.stream is not a function');
  });
  const image = await decodeImage(file).finally(() => stream.mockRestore());
  expect([...image.data]).toEqual([7, 9]);
});
