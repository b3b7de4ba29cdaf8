import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden, goldenPath } from '@diptych/golden';
import { directory } from '@diptych/files/node';
import { open } from 'diptych';
import { expect, it } from 'vitest';
import { evaluateCoco, evaluateFlickr } from '../building/evaluation.ts';
import { readConfig } from '../src/config.ts';
import { photo } from '../src/index.ts';
import { config } from '../src/weights/config.ts';

const weights = join(import.meta.dirname, '../src/weights');

it('has at most 8 MB of weights', async () => {
  const { size } = await stat(join(weights, 'model.safetensors'));
  expect(size).toBeLessThanOrEqual(8e6);
});

it('has a folder of weights that says what its code says', async () => {
  expect(await readConfig(directory(weights))).toEqual(config);
});

// The numbers of the model card; `pnpm evaluate` prints them.
describeGolden('the model that ships, on photos with captions that it never saw', () => {
  it('finds photos by captions and by words', async () => {
    using space = await open(photo);
    const coco = await evaluateCoco(space, goldenPath('data'));
    expect(coco.objects).toBe(74);
    expect(coco.map10).toBeGreaterThanOrEqual(0.4);
    expect(coco.captions['image_retrieval_recall@10']).toBeGreaterThanOrEqual(0.72);
    const flickr = await evaluateFlickr(space, goldenPath('data'));
    // By chance 1 %, and a median of 500.
    expect(flickr['image_retrieval_recall@10']).toBeGreaterThanOrEqual(0.195);
    expect(flickr['image_retrieval_median_rank']).toBeLessThanOrEqual(68);
  }, 600_000);
});
