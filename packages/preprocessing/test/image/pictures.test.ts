import { describe, expect, it } from 'vitest';
import { decodeImage } from './golden-image.ts';
import { bytesOf, distance, opened, refused } from './pictures.ts';

const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;

/** A browser decodes JPEG its own way, and no two decoders round AVIF alike. */
function allowed({ name, exact }: { name: string; exact: boolean }): number {
  if (!exact) return 2;
  return inNode || !/^(jpeg|two)/.test(name) ? 0 : 16;
}

describe('pictures as people have them', () => {
  it.each(opened)('$name is that of Pillow', async (picture) => {
    expect(await distance(decodeImage, picture)).toBeLessThanOrEqual(allowed(picture));
  });

  it.each(refused)('$name is refused, as by Pillow', async ({ file }) => {
    await expect(decodeImage(bytesOf(file))).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
  });
});
