import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { colourData, configFile, onFeatures } from './training-data.ts';

it.each<[string, object]>([
  [
    'train.json: batchSize: expected at least 2, since the loss compares pairs of a batch, got 1',
    { ...onFeatures, batchSize: 1 },
  ],
  [
    "captions: expected words that occur in at least 1000 captions, got none; lower 'minCount'",
    { ...onFeatures, model: { ...onFeatures.model, minCount: 1000 } },
  ],
])('a training that could learn nothing is refused: %s', async (message, config) => {
  const folder = await colourData();
  const run = await runCli(['train', await configFile(folder, config), '--output', join(folder, 'model')]);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(message);
});
