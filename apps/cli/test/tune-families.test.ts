import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSafetensors } from '@diptych/checkpoint';
import { directory } from '@diptych/files/node';
import { describeGolden, goldenJson, goldenPath } from '@diptych/golden';
import { open } from 'diptych';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourData, configFile } from './training-data.ts';
import { temporaryFolder } from './workspace.ts';

const settings = {
  data: { captions: 'captions.jsonl', images: 'photos', validation: 'val' },
  loss: { kind: 'infoNce' },
  optimizer: { kind: 'adamW', learningRate: 0.003 },
  tune: { kind: 'lockedImage' },
  epochs: 2,
  batchSize: 6,
};

type Config = Readonly<Record<string, object>>;

const cases = [
  {
    name: 'jina-clip-v1, ALiBi and GEGLU beside rotated patches,',
    path: 'jina_clip_v1/clip',
    // The published file leaves the sizes of its texts to another repository.
    changed: async (config: Config) => {
      const {
        published: _,
        note: __,
        ...sizes
      } = await goldenJson<Config>('oracles2/jina_clip_v1/clip/text_sizes.json');
      return { ...config, text_config: { ...config['text_config'], hf_model_config_kwargs: sizes } };
    },
  },
  { name: 'MetaCLIP 2', path: 'metaclip2/hf', changed: async (config: Config) => config },
];

async function arrays(folder: string): Promise<ReadonlyMap<string, ArrayLike<number | bigint>>> {
  const file = await openSafetensors((await directory(folder).open('model.safetensors'))!);
  const all = [...file.names].map(async (name) => [name, (await file.read(name)).data] as const);
  return new Map(await Promise.all(all));
}

describeGolden('diptych train --from', () => {
  it.each(cases)('$name learns texts beside images that stay as they are', async ({ path, changed }) => {
    const base = await temporaryFolder();
    await cp(goldenPath(`oracles2/${path}`), base, { recursive: true });
    const config = JSON.parse(await readFile(join(base, 'config.json'), 'utf8')) as Config;
    await writeFile(join(base, 'config.json'), JSON.stringify(await changed(config)));
    const folder = await colourData();
    const output = join(folder, 'model');
    const run = await runCli(['train', await configFile(folder, settings), '--from', base, '--output', output]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const losses = jsonLines<{ loss: number }>(run).map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    const [old, now] = [await arrays(base), await arrays(output)];
    const moved = [...old].filter(([name, values]) =>
      Array.from(values).some((value, i) => value !== now.get(name)![i]),
    );
    const names = moved.map(([name]) => name).filter((name) => name !== 'logit_scale');
    expect(names.filter((name) => !name.startsWith('text_'))).toEqual([]);
    expect(names.length).toBeGreaterThan(10);
    const photo = join(folder, 'photos', 'dark-red.png');
    using before = await open(base);
    using after = await open(output);
    expect((await after.embed('image', photo)).data).toEqual((await before.embed('image', photo)).data);
  });
});
