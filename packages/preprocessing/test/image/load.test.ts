import { describe, expect, it } from 'vitest';
import { type Image, imageProcessor, loadImage, parseImageProcessor } from '@diptych/preprocessing/image';
import { pngFile } from './png-file.ts';

const preprocess = imageProcessor(parseImageProcessor({ size: { shortest_edge: 4 }, crop_size: 4 }));
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('loadImage', () => {
  it('reads files while 268 MB of them are held, and what is larger alone', async () => {
    const file = await pngFile({ width: 2, height: 2, depth: 8, colorType: 0, scanlines: new Uint8Array(6) });
    let held = 0;
    let most = 0;
    /** A file that says it is larger than it is. */
    const large = (size: number) => {
      const blob = new Blob([file]);
      Object.defineProperty(blob, 'size', { value: size });
      blob.arrayBuffer = async () => {
        held += size;
        most = Math.max(most, held);
        await soon();
        return file.slice().buffer;
      };
      return blob;
    };
    const load = async (size: number) => {
      const last = async (images: readonly Image[]) => {
        held -= size;
        return preprocess(images);
      };
      return loadImage(large(size), last);
    };
    const sizes = [1e8, 1e8, 1e8, 5e8, 1e8, 2e8, 1e8];
    const batches = await Promise.all(sizes.map(load));
    expect(batches.map(({ shape }) => shape.join())).toEqual(sizes.map(() => '1,4,4,3'));
    expect(most).toBe(5e8);
    most = 0;
    await Promise.all([1e8, 1e8, 1e8, 1e8].map(load));
    expect(most).toBe(2e8);
  });
});
