import { describe, expect, it } from 'vitest';
import { imageDecoder } from '../../src/image/decode.ts';
import { readFileOrUrl } from '../../src/node/read.ts';
import { decodeWithWasm } from '../../src/node/wasm.ts';
import { type Picture, bytesOf, distance, opened, refused } from '../image/pictures.ts';

const decode = imageDecoder({ read: readFileOrUrl, decode: decodeWithWasm });

/** What only sharp decodes. */
const needsSharp = ({ name, exact }: Picture) => name.startsWith('avif') || (name.startsWith('jpeg') && !exact);

describe('without sharp', () => {
  it.each(opened.filter((picture) => !needsSharp(picture)))('$name is that of Pillow', async (picture) => {
    expect(await distance(decode, picture)).toBe(0);
  });

  it.each(opened.filter(needsSharp))('$name says what to install', async ({ file }) => {
    await expect(decode(bytesOf(file))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('npm install sharp') as string,
    });
  });

  it.each(refused)('$name is refused, as by Pillow', async ({ file }) => {
    await expect(decode(bytesOf(file))).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });
});
