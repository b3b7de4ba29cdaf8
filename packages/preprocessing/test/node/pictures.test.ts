import { describe, expect, it } from 'vitest';
import { imageDecoder } from '../../src/image/decode.ts';
import { readFileOrUrl } from '../../src/node/decode-image.ts';
import { decodeWithWasm } from '../../src/node/wasm.ts';
import { bytesOf, distance, hasForeignPacking, opened, refused } from '../image/pictures.ts';

const decode = imageDecoder({ read: readFileOrUrl, decode: decodeWithWasm });

describe('without sharp', () => {
  it.each(opened.filter((picture) => !hasForeignPacking(picture)))('$name is that of Pillow', async (picture) => {
    expect(await distance(decode, picture)).toBeLessThanOrEqual(picture.exact ? 0 : 2);
  });

  it.each(opened.filter(hasForeignPacking))('$name says what to install', async ({ file }) => {
    await expect(decode(bytesOf(file))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('npm install sharp') as string,
    });
  });

  it.each(refused)('$name is refused, as by Pillow', async ({ file }) => {
    await expect(decode(bytesOf(file))).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });
});
