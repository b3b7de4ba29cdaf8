import { describeGolden, goldenJson } from '@diptych/golden';
import { expect, it } from 'vitest';
import { type Filter, type Image, resizeImage } from '../../src/index.ts';
import { goldenImage, manifest, sha256 } from './golden-image.ts';

/** All that Pillow resized, by whatever `resizeImage` uses in this file. */
export function describePillow(how: string): void {
  describeGolden(`against Pillow, ${how}`, () => {
    it('every filter, scale and mode gives the same bytes', async () => {
      const { resize, sources } = await manifest();
      const images = new Map<string, Image>();
      for (const { source, filter, size_wh, sha256_raw } of resize) {
        const image = images.get(source) ?? (await goldenImage(`oracles/${sources[source]!.file}`));
        images.set(source, image);
        const out = resizeImage(image, { width: size_wh[0], height: size_wh[1], filter });
        expect(await sha256(out.data), `${source} ${filter} ${size_wh}`).toBe(sha256_raw);
      }
      expect(resize.length).toBe(96);
    });

    it('an older Pillow gives the same bytes', async () => {
      const { synthetic } = await goldenJson<{ synthetic: Record<string, number[][][]> }>(
        'golden/preprocess/preprocess.json',
      );
      const { in: source, ...outputs } = synthetic;
      const image: Image = { data: Uint8Array.from(source!.flat(2)), width: 17, height: 13, channels: 3 };
      for (const [name, expected] of Object.entries(outputs)) {
        const [filter, size] = name.split('_') as [Filter, string];
        const [width, height] = size.split('x').map(Number) as [number, number];
        expect([...resizeImage(image, { width, height, filter }).data], `source ${name}`).toEqual(expected.flat(2));
      }
      expect(Object.keys(outputs).length).toBe(15);
    });
  });
}
