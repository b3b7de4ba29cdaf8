import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden } from '@diptych/golden';
import { expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourData, configFile } from './training-data.ts';

const data = { captions: 'captions.jsonl', images: 'photos', validation: 'val' };
const run = { epochs: 1, batchSize: 6, loss: { kind: 'infoNce' } };

/** Captions of the first images of each split alone. */
async function few(folder: string): Promise<string> {
  const lines = (await readFile(join(folder, 'captions.jsonl'), 'utf8')).split('\n').filter(Boolean);
  await writeFile(join(folder, 'few.jsonl'), [...lines.slice(0, 7), ...lines.slice(12, 19)].join('\n'));
  return 'few.jsonl';
}

/** Files of rows in a cache, with their times. */
async function filesOf(cache: string): Promise<readonly string[]> {
  return (await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.safetensors')).toSorted();
}

describeGolden('--feature-cache', () => {
  it.each(['lockedImage', 'backbone'])('a run of %s has the same bits with it and without', async (kind) => {
    const [folder, base] = [await colourData(), await tinyClipFolder()];
    const cache = join(folder, 'cache');
    const configs =
      kind === 'lockedImage'
        ? { tune: { kind }, data }
        : {
            model: { dim: 8, minCount: 1, text: { kind: 'bag' }, image: { kind: 'features' } },
            data: { ...data, backbone: base },
          };
    const trained = async (name: string, captions: string, ...args: readonly string[]) => {
      const config = { ...run, ...configs, data: { ...configs.data, captions } };
      const output = join(folder, name);
      const from = kind === 'lockedImage' ? ['--from', base] : [];
      const path = await configFile(folder, config, `${name}.json`);
      expect(await runCli(['train', path, ...from, '--output', output, ...args])).toMatchObject({
        code: 0,
        stderr: '',
      });
      return readFile(join(output, 'model.safetensors'));
    };
    const without = await trained('without', data.captions);
    await trained('few', await few(folder), '--feature-cache', cache);
    const first = await filesOf(cache);
    expect(first).toHaveLength(1);
    expect((await trained('filled', data.captions, '--feature-cache', cache)).equals(without)).toBe(true);
    const all = await filesOf(cache);
    expect(all).toHaveLength(2);
    expect((await trained('found', data.captions, '--feature-cache', cache)).equals(without)).toBe(true);
    expect(await filesOf(cache)).toEqual(all);
  });

  it('an alignment has the same bits with it and without', async () => {
    const [folder, model] = [await colourData(), await tinyClipFolder()];
    const views = {
      x: { model },
      y: { model },
      data: { captions: data.captions, images: 'photos', test: 'val' },
      ridge: 0.1,
    };
    const aligned = async (name: string, ...args: readonly string[]) => {
      const output = join(folder, name);
      const path = await configFile(folder, views, 'align.json');
      expect(await runCli(['align', path, '--output', output, '--quiet', ...args])).toMatchObject({
        code: 0,
        stderr: '',
      });
      return readFile(join(output, 'projections.safetensors'));
    };
    const without = await aligned('without');
    const cache = ['--feature-cache', join(folder, 'cache')];
    expect((await aligned('filled', ...cache)).equals(without)).toBe(true);
    const all = await filesOf(cache[1]!);
    expect((await aligned('found', ...cache)).equals(without)).toBe(true);
    expect(await filesOf(cache[1]!)).toEqual(all);
    expect(all.length).toBeGreaterThan(1);
  });
});
