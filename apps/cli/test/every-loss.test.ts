import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goldenPath } from '@diptych/golden';
import { losses } from '@diptych/training';
import { describe, expect, it } from 'vitest';
import { readmeConfig } from './readme-config.ts';
import { jsonLines, runCli } from './run-cli.ts';
import { configFile } from './training-data.ts';
import { temporaryFolder } from './workspace.ts';

/** A quarter of an hour, so only `test:long` asks for it. */
const isLong = process.env['DIPTYCH_LONG'] !== undefined;

/** Photos of each split; every one has five captions. */
const photos = { train: 500, val: 100, test: 100 };
const captionsOfPhoto = 5;

/** The sum of both directions' recalls at 1, 5 and 10, in percent, that chance alone gives on so many photos. */
function chance(images: number): number {
  const captions = captionsOfPhoto * images;
  const missed = (k: number) =>
    Array.from({ length: k }, (_, i) => 1 - captionsOfPhoto / (captions - i)).reduce((a, b) => a * b, 1);
  return [1, 5, 10].reduce((sum, k) => sum + 100 * (1 - missed(k)) + (100 * k) / images, 0);
}

/** The first photos of each split of Flickr8k in a file of captions. */
async function writeCaptions(folder: string): Promise<string> {
  const left: Record<string, number> = { ...photos };
  const lines = (await readFile(goldenPath('data/flickr8k/captions.jsonl'), 'utf8')).split('\n').flatMap((line) => {
    if (line === '') return [];
    const sample = JSON.parse(line) as { image: string; split: string };
    // Nothing says what the photos show, so each is a class of its own.
    return left[sample.split]!-- > 0 ? [JSON.stringify({ ...sample, photo: sample.image })] : [];
  });
  const path = join(folder, 'captions.jsonl');
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** The rsum on the test photos of what the README's configuration learns with this loss, and what was warned of. */
async function learned(loss: object) {
  const folder = await temporaryFolder();
  const captions = await writeCaptions(folder);
  const images = goldenPath('data/flickr8k/images');
  const config = JSON.parse(readmeConfig('train.json')) as { data: object };
  const data = { ...config.data, captions, images, labels: 'photo' };
  const output = join(folder, 'model');
  const run = await runCli(['train', await configFile(folder, { ...config, data, loss }), '--output', output]);
  const judged = await runCli(['evaluate', '--model', output, '--images', images, '--split', 'test', captions]);
  return { rsum: jsonLines<{ rsum: number }>(judged)[0]?.rsum, warned: run.stderr };
}

describe.skipIf(!isLong)('every loss, with the configuration of the README on 500 photos', () => {
  const kinds = [
    ...Object.keys(losses).map((kind) => ({ name: kind, loss: { kind } })),
    { name: 'vsepp, matryoshka', loss: { kind: 'vsepp', matryoshka: [16, 32] } },
    { name: 'vsepp, adversarial', loss: { kind: 'vsepp', adversarial: {} } },
  ];

  it.each(kinds)('$name ranks unseen photos better than chance', { timeout: 1_800_000 }, async ({ name, loss }) => {
    const { rsum, warned } = await learned(loss);
    console.log(`| ${name} | ${rsum?.toFixed(1)} | ${chance(photos.test).toFixed(1)} |`);
    expect(warned).toBe('');
    expect(rsum).toBeGreaterThan(1.5 * chance(photos.test));
  });
});
