import { describeGolden, goldenBytes } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { decodeImage, goldenImage, manifest, ramp } from './golden-image.ts';
import { pngFile } from './png-file.ts';

const png = () => pngFile({ width: 2, height: 1, depth: 8, colorType: 0, scanlines: Uint8Array.of(0, 7, 9) });
const grey = { width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 9) };

/** A `fetch` that answers with `body`. */
const answer = (body: BodyInit, status = 200): typeof fetch => {
  return () => Promise.resolve(new Response(body, { status }));
};

describe('inputs', () => {
  it('bytes, a buffer, a blob, a data URI and a URL are the same file', async () => {
    const bytes = await png();
    const uri = `data:image/png;base64,${btoa(String.fromCharCode(...bytes))}`;
    const padded = new Uint8Array(bytes.length + 8);
    padded.set(bytes, 8);
    for (const input of [bytes, padded.subarray(8), bytes.buffer, new Blob([bytes]), uri, new URL(uri)]) {
      expect(await decodeImage(input)).toEqual(grey);
    }
    const options = { fetch: answer(bytes) };
    expect(await decodeImage('https://example.org/a.png', options)).toEqual(grey);
    expect(await decodeImage(new URL('https://example.org/a.png'), options)).toEqual(grey);
  });

  it('decoded pixels pass through', async () => {
    const image = ramp(3, 2, 2);
    expect(await decodeImage(image)).toBe(image);
    const canvas = { data: Uint8ClampedArray.of(1, 2, 3, 4), width: 1, height: 1 };
    expect(await decodeImage(canvas)).toEqual({ ...canvas, data: Uint8Array.of(1, 2, 3, 4), channels: 4 });
    expect((await decodeImage(canvas, { background: [0, 0, 0] })).channels).toBe(3);
  });

  it('says once that an input is read', async () => {
    const bytes = await png();
    for (const input of [bytes, new Blob([bytes]), ramp(1, 1)]) {
      let read = 0;
      await decodeImage(input, { onRead: () => read++ });
      expect(read).toBe(1);
    }
  });

  it.each([
    [-2, -2],
    [0.5, 8],
    [-4, -1],
    ['2', 2],
    [Number.NaN, 4],
    [0, 0],
  ])('pixels of %s by %s are refused', async (width, height) => {
    const input = { data: new Uint8ClampedArray(16), width, height } as ImageData;
    await expect(decodeImage(input)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });

  it('pixels of another length than their size are refused', async () => {
    const input = { data: new Uint8ClampedArray(15), width: 2, height: 2 };
    await expect(decodeImage(input)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });
});

describe('refusals', () => {
  it('a bomb is refused by its header, in every format', async () => {
    const bomb = await pngFile({ width: 65_000, height: 65_000, depth: 8, colorType: 6, scanlines: new Uint8Array(1) });
    const gif = Uint8Array.of(...new TextEncoder().encode('GIF89a'), 255, 255, 255, 255);
    const jpeg = Uint8Array.of(
      0xff,
      0xd8,
      0xff,
      0xc0,
      0,
      11,
      8,
      255,
      255,
      255,
      255,
      1,
      1,
      0x11,
      0,
      0xff,
      0xda,
      0xff,
      0xd9,
    );
    const lossless = [0x2f, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0];
    const webp = Uint8Array.of(...riff('VP8L', lossless));
    for (const file of [bomb, gif, jpeg, webp]) {
      await expect(decodeImage(file)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
    }
  });

  function riff(type: string, data: readonly number[]): number[] {
    const ascii = (text: string) => [...new TextEncoder().encode(text)];
    return [
      ...ascii('RIFF'),
      12 + data.length,
      0,
      0,
      0,
      ...ascii('WEBP'),
      ...ascii(type),
      data.length,
      0,
      0,
      0,
      ...data,
    ];
  }

  it('maxPixels counts pixels, and the limit itself is allowed', async () => {
    const file = await png();
    expect(await decodeImage(file, { maxPixels: 2 })).toEqual(grey);
    expect(await decodeImage(file, { maxPixels: Infinity })).toEqual(grey);
    await expect(decodeImage(file, { maxPixels: 1 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('2x1') as string,
    });
  });

  it.each([
    ['nothing', []],
    ['text', [...new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')]],
    ['a JPEG without a scan', [0xff, 0xd8, 0xff, 0xd9]],
    ['a GIF of no pixels', [...new TextEncoder().encode('GIF89a'), 0, 0, 4, 0]],
  ])('%s is no image', async (_, bytes) => {
    await expect(decodeImage(Uint8Array.from(bytes))).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });

  it('the message names the file', async () => {
    const file = new File([new Uint8Array(9)], 'holiday.jpg');
    await expect(decodeImage(file)).rejects.toThrow('holiday.jpg');
  });

  it('an HTTP error and a failed connection are NETWORK', async () => {
    const url = 'https://example.org/gone.png';
    await expect(decodeImage(url, { fetch: answer('', 404) })).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('404') as string,
    });
    let taken = 0;
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        taken += 1 << 20;
        controller.enqueue(new Uint8Array(1 << 20));
      },
    });
    await expect(decodeImage(url, { fetch: answer(endless) })).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('got more than 268435456 bytes'),
    });
    expect(taken).toBeLessThan(300 << 20);
    const secret = decodeImage('https://me:secret@example.org/a.png', { fetch: answer('', 404) });
    await expect(secret).rejects.not.toThrow(/secret/);
    const fetch = () => Promise.reject(new TypeError('offline'));
    await expect(decodeImage(url, { fetch })).rejects.toMatchObject({ code: 'NETWORK' });
  });
});

describe('abort', () => {
  const reason = new Error('enough');

  it('before the start', async () => {
    const signal = AbortSignal.abort(reason);
    await expect(decodeImage(await png(), { signal })).rejects.toBe(reason);
  });

  it('while fetching', async () => {
    const controller = new AbortController();
    const fetch: typeof globalThis.fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('socket closed')));
        controller.abort(reason);
      });
    await expect(decodeImage('https://example.org', { fetch, signal: controller.signal })).rejects.toBe(reason);
  });
});

describeGolden('JPEG', () => {
  it('is within the tolerance of Pillow', async () => {
    const { jpeg } = await manifest();
    const [got, expected] = [
      await goldenImage(`oracles/${jpeg.file}`),
      await goldenImage(`oracles/${jpeg.pillow_decoded}`),
    ];
    expect(got).toMatchObject({ width: 64, height: 48, channels: 3 });
    const off = got.data.map((value, i) => Math.abs(value - expected.data[i]!));
    expect(off.reduce((max, v) => Math.max(max, v), 0)).toBeLessThanOrEqual(16);
    expect(off.reduce((sum, v) => sum + v, 0) / off.length).toBeLessThanOrEqual(1);
  });

  it('turns by its EXIF orientation, once', async () => {
    const stored = await photo();
    const upright = await decodeImage(stored);
    const sideways = await decodeImage(withOrientation(stored, 6));
    expect([sideways.width, sideways.height]).toEqual([48, 64]);
    // Right of the stored top left is below the upright top right.
    const [x, y] = [10, 3];
    const from = (y * 64 + x) * 3;
    const to = (x * 48 + (47 - y)) * 3;
    expect(sideways.data.subarray(to, to + 3)).toEqual(upright.data.subarray(from, from + 3));
    expect((await decodeImage(withOrientation(stored, 6), { applyExif: false })).data).toEqual(upright.data);
  });

  it('cut off is refused, however late', async () => {
    const bytes = await photo();
    for (const length of [20, 300, 700, bytes.length - 40, bytes.length - 1]) {
      await expect(decodeImage(bytes.subarray(0, length))).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    }
  });

  const photo = async () => goldenBytes(`oracles/${(await manifest()).jpeg.file}`);

  function withOrientation(bytes: Uint8Array, orientation: number): Uint8Array {
    const tiff = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0];
    const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
    return Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, body.length + 2, ...body, ...bytes.subarray(2));
  }
});
