import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { colourData, configFile, onFeatures, onPixels } from './training-data.ts';

/** The first hexadecimal digits of a file's SHA-256. */
async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 16);
}

/** Three batches of six captions, all of different images. */
const threeSteps = { epochs: 1, batchSize: 6, seed: 3 };

it.each([
  ['vsepp on pictures', { ...onPixels, loss: { kind: 'vsepp' } }, '8e2893b34a20e92f'],
  ['infoNce on pictures', { ...onPixels, loss: { kind: 'infoNce' } }, '2b42616f49368562'],
  ['order on features', { ...onFeatures, loss: { kind: 'order' } }, '356951f76ad7a483'],
])('three steps of %s give the weights that they gave', async (_, config, hash) => {
  const folder = await colourData();
  const path = await configFile(folder, { ...config, ...threeSteps });
  // Plain JavaScript, whose sums no change of kernels reorders.
  const run = await runCli(['train', path, '--output', join(folder, 'model'), '--backend', 'cpu']);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(run.stdout)).toMatchObject({ steps: 3 });
  expect(await hashOf(join(folder, 'model/model.safetensors'))).toBe(hash);
});

it('canonical correlation of features with words gives the projections that it gave', async () => {
  const folder = await colourData();
  const data = { captions: 'captions.jsonl', images: 'photos', test: 'val' };
  const x = { features: 'features.npy', order: 'order.json' };
  const config = { x, y: { tfidf: { minCount: 1 } }, data, ridge: 0.05, components: 4, chunk: 7 };
  const run = await runCli(['align', await configFile(folder, config), '--output', join(folder, 'aligned')]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(await hashOf(join(folder, 'aligned/projections.safetensors'))).toBe('d7b8b36f0a2e013e');
});
