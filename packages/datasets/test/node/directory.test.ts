import { inSplit, jsonLines, prefetch } from '@diptych/datasets';
import { directory } from '@diptych/files/node';
import { describeGolden, goldenPath } from '@diptych/golden';
import { expect, it } from 'vitest';
import { all } from '../files.ts';

describeGolden('a folder of photos', () => {
  const images = directory(goldenPath('data/flickr8k/images'));
  const flickr = () => jsonLines(directory(goldenPath('data/flickr8k')), 'captions.jsonl', { images });

  it('has every photo of Flickr8k', async () => {
    expect((await all(flickr())).length).toBe(8091);
  });

  it('reads photos ahead', async () => {
    const photos = prefetch(inSplit(flickr(), 'test'), async ({ image }, signal) => image(signal), { ahead: 16 });
    const found = await all(photos);
    expect(found.length).toBe(1000);
    // Each begins as a JPEG does.
    expect(found.every((bytes) => bytes[0] === 0xff && bytes[1] === 0xd8)).toBe(true);
  });
});
