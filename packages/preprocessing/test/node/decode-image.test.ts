import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeGolden, goldenBytes, goldenPath } from '@diptych/golden';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readHeader } from '../../src/image/formats.ts';
import { decodeImage } from '../../src/node.ts';
import { decodeWithSharp } from '../../src/node/decode-image.ts';
import { decodeWithWasm } from '../../src/node/wasm.ts';
import { files } from '../image/format-files.ts';
import { goldenImage, manifest } from '../image/golden-image.ts';

describeGolden('paths', () => {
  it('a path and a file URL are the same image', async () => {
    const path = goldenPath('oracles/pil/rgb_37x53.png');
    const image = await decodeImage(path);
    expect([image.width, image.height]).toEqual([37, 53]);
    expect(await decodeImage(pathToFileURL(path))).toEqual(image);
    expect(await decodeImage(pathToFileURL(path).href)).toEqual(image);
  });
});

describe('files', () => {
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'diptych-image-'))));
  afterAll(() => rm(folder, { recursive: true }));

  it('a missing file and a folder are NOT_FOUND, by name', async () => {
    const missing = join(folder, 'missing.png');
    await expect(decodeImage(missing)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(missing) as string,
    });
    await expect(decodeImage(folder)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(decodeImage('file://elsewhere/a.png')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.runIf(process.platform === 'linux')('a device and a pipe are NOT_FOUND, and nothing is read of them', async () => {
    const pipe = join(folder, 'pipe.jpg');
    execFileSync('mkfifo', [pipe]);
    await expect(decodeImage(pipe)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(decodeImage('/dev/zero')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: '/dev/zero: expected a file, got a device',
    });
  });

  it('a file larger than the most pixels is not read', async () => {
    const path = join(folder, 'large.jpg');
    await writeFile(path, '');
    await truncate(path, 2 ** 31);
    await expect(decodeImage(path)).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' });
  });

  it('a damaged file is named', async () => {
    const path = join(folder, 'broken.webp');
    await writeFile(path, files.webp.subarray(0, 30));
    await expect(decodeImage(path)).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: expect.stringContaining(path) as string,
    });
  });

  it('reading stops when aborted', async () => {
    const path = join(folder, 'image.gif');
    await writeFile(path, files.gif);
    const controller = new AbortController();
    const reason = new Error('enough');
    const decoding = decodeImage(path, { signal: controller.signal });
    controller.abort(reason);
    await expect(decoding).rejects.toBe(reason);
  });
});

describe('without sharp', () => {
  const wasm = (bytes: Uint8Array) => decodeWithWasm(bytes, readHeader(bytes, Infinity));
  const native = async (bytes: Uint8Array) => (await decodeWithSharp(bytes, readHeader(bytes, Infinity), 1e6))!;

  it('WebP is the same pixels', async () => {
    expect(await wasm(files.webpAlpha)).toEqual(await native(files.webpAlpha));
    const opaque = await wasm(files.webp);
    expect([...opaque.data].filter((_, i) => i % 4 < 3)).toEqual([...(await native(files.webp)).data]);
  });

  it('AVIF and four inks are the same pixels', async () => {
    expect((await wasm(files.cmyk)).data).toEqual((await native(files.cmyk)).data);
    expect((await wasm(files.avif)).data).toEqual((await native(files.avif)).data);
  });

  it('AVIF says what to install where neither decoder is', async () => {
    vi.doMock('@jsquash/avif/decode.js', () => {
      throw new Error('not installed');
    });
    vi.resetModules();
    const { decodeWithWasm: decode } = await import('../../src/node/wasm.ts');
    await expect(decode(files.avif, readHeader(files.avif, Infinity))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/npm install sharp.*@jsquash\/avif/) as string,
    });
    vi.doUnmock('@jsquash/avif/decode.js');
    await expect(wasm(files.avif)).resolves.toMatchObject({ channels: 3 });
  });

  it('HEIC says what to install', async () => {
    await expect(decodeWithWasm(files.gif, { format: 'heic', width: 3, height: 2 })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('npm install sharp') as string,
    });
  });

  it('damaged JPEG is refused, and the next one is read', async () => {
    const header = readHeader(files.cmyk, Infinity);
    await expect(decodeWithWasm(files.cmyk.subarray(0, 40), header)).rejects.toThrow('damaged');
    expect((await wasm(files.cmyk)).width).toBe(header.width);
  });

  describeGolden('JPEG', () => {
    it('is the same pixels as Pillow, and still after a damaged one', async () => {
      const { jpeg } = await manifest();
      const bytes = await goldenBytes(`oracles/${jpeg.file}`);
      const pillow = await goldenImage(`oracles/${jpeg.pillow_decoded}`);
      expect((await wasm(bytes)).data).toEqual(pillow.data);
      expect((await native(bytes)).data).toEqual(pillow.data);
      const header = readHeader(bytes, Infinity);
      await expect(decodeWithWasm(bytes.subarray(0, 100), header)).rejects.toBeDefined();
      expect((await wasm(bytes)).data).toEqual(pillow.data);
      expect(process.exitCode).toBeUndefined();
    });
  });
});
