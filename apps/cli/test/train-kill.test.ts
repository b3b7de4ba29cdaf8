import { mkdir, readFile, watch } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden } from '@diptych/golden';
import { expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { spawnCli } from './spawn-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourData, configFile, onFeatures, onPixels } from './training-data.ts';

/** Resolves when so many states were begun to be written in a folder. */
async function statesBegun(folder: string, count: number, signal: AbortSignal): Promise<void> {
  let begun = 0;
  for await (const { filename, eventType } of watch(folder, { signal })) {
    // Linux tells of the file's beginning and of its renaming.
    if (filename === 'checkpoint.safetensors.partial' && eventType === 'rename') begun += 0.5;
    if (begun > count - 1) return;
  }
}

/** Kills a run at its states with these numbers, one after the other, and lets it end then. */
async function killedAt(counts: readonly number[], args: readonly string[], output: string): Promise<void> {
  const command = ['train', ...args, '--output', output, '--resume'];
  await mkdir(output);
  for (const count of counts) {
    const stop = new AbortController();
    const moment = statesBegun(output, count, stop.signal);
    const { child, ended } = spawnCli(command);
    await Promise.race([moment, ended]);
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: 'SIGKILL' });
    stop.abort();
  }
  const rest = await runCli(command);
  expect(rest).toMatchObject({ code: 0, stderr: expect.not.stringContaining('taking the state before') });
}

async function expectSame(one: string, other: string, files: readonly string[]): Promise<void> {
  const same = files.map(async (name) => (await readFile(join(one, name))).equals(await readFile(join(other, name))));
  expect(await Promise.all(same)).toEqual(files.map(() => true));
}

const files = ['model.safetensors', 'checkpoint.safetensors', 'metrics.json', 'rsum.svg'];

it('a training that is killed and resumed ends with the same bits', { timeout: 300_000 }, async () => {
  const folder = await colourData();
  const config = await configFile(folder, { ...onFeatures, epochs: 8, average: 0.9, saveEvery: 1 });
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  expect(await runCli(['train', config, '--output', whole])).toMatchObject({ code: 0 });
  await killedAt([3, 9, 6], [config], killed);
  await expectSame(whole, killed, files);
});

describeGolden('further training of a published model', () => {
  it.each([
    ['whole', { tune: { layerDecay: 0.8 }, average: 0.9 }],
    ['lockedImage', { tune: { kind: 'lockedImage' }, chunk: 4 }],
    ['last', { tune: { kind: 'last', blocks: 1 }, accumulate: 2 }],
    ['bias', { tune: { kind: 'bias' } }],
    ['lora', { tune: { kind: 'lora', rank: 2 } }],
  ])('that is killed and resumed ends with the same bits: %s', { timeout: 300_000 }, async (_, more) => {
    const folder = await colourData();
    const { data } = onPixels;
    const rule = { kind: 'adamW', learningRate: 0.001 };
    const all = { data, loss: { kind: 'infoNce' }, optimizer: rule, epochs: 4, batchSize: 6, saveEvery: 1, ...more };
    const args = [await configFile(folder, all), '--from', await tinyClipFolder()];
    const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
    expect(await runCli(['train', ...args, '--output', whole])).toMatchObject({ code: 0 });
    await killedAt([4], args, killed);
    await expectSame(whole, killed, files);
  });

  it('refuses to go on from another model', async () => {
    const folder = await colourData();
    const { data } = onPixels;
    const config = await configFile(folder, { data, loss: { kind: 'infoNce' }, epochs: 1, batchSize: 6 });
    const output = join(folder, 'model');
    const base = await tinyClipFolder();
    const run = async (from: string) => runCli(['train', config, '--from', from, '--output', output, '--resume']);
    expect(await run(base)).toMatchObject({ code: 0 });
    expect((await run(output)).stderr).toContain('another base');
    expect(await run(base)).toMatchObject({ code: 0 });
  });
});
