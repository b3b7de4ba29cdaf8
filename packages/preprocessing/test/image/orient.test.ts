import { describeGolden, goldenBytes } from '@diptych/golden';
import { expect, it } from 'vitest';
import { decodeImage, manifest } from './golden-image.ts';

describeGolden('EXIF orientation of a PNG', () => {
  it('each of the eight turns upright, or stays as stored', async () => {
    const { exif } = await manifest();
    for (const { orientation, file, stored, upright } of exif) {
      const bytes = await goldenBytes(`oracles/${file}`);
      const turned = await decodeImage(bytes);
      expect([turned.height, turned.width], `orientation ${orientation}`).toEqual([upright.length, upright[0]!.length]);
      expect([...turned.data], `orientation ${orientation}`).toEqual(upright.flat(2));
      const kept = await decodeImage(bytes, { applyExif: false });
      expect([...kept.data], `orientation ${orientation}`).toEqual(stored.flat(2));
    }
    expect(exif.length).toBe(8);
  });
});
