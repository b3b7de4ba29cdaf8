import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourData, configFile, onFeatures } from './training-data.ts';

async function trained(data: object, others: object = {}) {
  const folder = await colourData();
  const lines = (await readFile(join(folder, 'captions.jsonl'), 'utf8')).split('\n').filter(Boolean);
  // The images of the validation, as a set of its own.
  await writeFile(join(folder, 'more.jsonl'), lines.slice(12).join('\n'));
  const config = { ...onFeatures, ...others, epochs: 1, data: { ...onFeatures.data, validation: undefined, ...data } };
  const output = join(folder, 'model');
  const run = await runCli(['train', await configFile(folder, config), '--output', output]);
  return { run, steps: jsonLines<{ steps: number }>(run).at(-1)?.steps, output };
}

const more = { captions: 'more.jsonl', train: 'val' };

it('learns from several sets, each as often as its weight says', async () => {
  // 24 captions of either set, in batches of six.
  expect((await trained({})).steps).toBe(4);
  expect((await trained({ more: [more] })).steps).toBe(8);
  expect((await trained({ weight: 0.5, more: [{ ...more, weight: 2 }] })).steps).toBe(10);
  const { run, output } = await trained({ weight: 0, more: [more] });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(await readFile(join(output, 'README.md'), 'utf8')).toContain('"weight": 0');
});

it('gives no batch one text twice where it is told to', async () => {
  const both = { more: [more] };
  // Every text of the second set is one of the first.
  expect((await trained(both, { distinctTexts: true, batchSize: 12 })).run).toMatchObject({ code: 0, stderr: '' });
  const { run } = await trained(both, { distinctTexts: 'yes' });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('train.json: distinctTexts: expected');
});

it.each([
  [{ more: {} }, 'train.json: data: more: expected a list of sets, got'],
  [{ more: ['x'] }, 'train.json: data: more[0]: expected an object, got "x"'],
  [{ more: [{ ...more, weight: -1 }] }, 'train.json: data: more[0]: weight: expected'],
  [{ more: [{ ...more, labels: 'x' }] }, 'train.json: data: more[0]: labels: expected one of the fields captions'],
  [{ more: [{ captions: 'none.jsonl' }] }, 'train.json: data: more[0]: captions: expected a file or folder'],
  [{ more: [{ captions: 'captions.jsonl' }] }, 'expected an image in one set, got it in two'],
  [{ weight: 0.1 }, 'weight: expected captions of 6 different images in an epoch, got fewer'],
])('refuses %j', async (data, message) => {
  const { run } = await trained(data);
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain(message);
});
