import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden, goldenPath } from '@diptych/golden';
import { directory } from '@diptych/files/node';
import { open } from 'diptych';
import { expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { emoji } from '../src/index.ts';
import { config } from '../src/weights/config.ts';
import { evaluateEmoji } from '../training/evaluation.ts';

it('has at most 4 MB of weights', async () => {
  const { size } = await stat(join(import.meta.dirname, '../src/weights/model.safetensors'));
  expect(size).toBeLessThanOrEqual(4e6);
});

it('has a folder of weights that says what its code says', async () => {
  const weights = directory(join(import.meta.dirname, '../src/weights'));
  expect(await readConfig(weights)).toEqual(config);
});

// The numbers of the model card; `pnpm evaluate` prints them.
describeGolden('the model that ships, on every picture of a style it never saw', () => {
  it('finds pictures by names, names by pictures, and unseen emoji far above chance', async () => {
    using space = await open(emoji);
    const { pictures, heldOut, toPicture, toName } = await evaluateEmoji(space, goldenPath('data/emoji'));
    expect([pictures, heldOut, toPicture.size]).toEqual([1537, 152, 15]);
    expect(toPicture.get('en')!.all['recall@10']).toBeGreaterThanOrEqual(0.7);
    const recalls = [...toPicture.values()].map(({ all }) => all['recall@10']!);
    expect(recalls.reduce((sum, recall) => sum + recall) / recalls.length).toBeGreaterThanOrEqual(0.5);
    expect(toName.all['recall@1']).toBeGreaterThanOrEqual(0.6);
    // By chance 10 of 1,537.
    expect(toPicture.get('en')!.heldOut['recall@10']).toBeGreaterThan((20 * 10) / pictures);
  });
});
