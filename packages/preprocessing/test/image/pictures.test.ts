import { describe, expect, it } from 'vitest';
import { decodeImage } from './golden-image.ts';
import { bytesOf, distance, hasForeignPacking, opened, refused } from './pictures.ts';

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;

/** A browser decodes JPEG its own way, and no two decoders round AVIF alike. */
function allowed({ name, exact }: { name: string; exact: boolean }): number {
  if (!exact) return 2;
  return inNode || !/^(jpeg|two|ink)/.test(name) ? 0 : 16;
}

/** What no browser reads: TIFF with fax or JPEG inside. */
const left = opened.filter((picture) => !inNode && hasForeignPacking(picture));

describe('pictures as people have them', () => {
  it.each(opened.filter((picture) => !left.includes(picture)))('$name is that of Pillow', async (picture) => {
    expect(await distance(decodeImage, picture)).toBeLessThanOrEqual(allowed(picture));
  });

  it.runIf(left.length > 0).each(left)('$name says what to do', async ({ file }) => {
    await expect(decodeImage(bytesOf(file))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('convert it to JPEG or PNG') as string,
    });
  });

  it.each(refused)('$name is refused, as by Pillow', async ({ file }) => {
    await expect(decodeImage(bytesOf(file))).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });
});
