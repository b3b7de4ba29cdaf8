import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourData, configFile, onFeatures, onPixels } from './training-data.ts';

it('what embed writes as npy and parquet, train and align read', async () => {
  const folder = await colourData();
  const model = join(folder, 'model');
  const first = await configFile(folder, { ...onPixels, loss: { kind: 'infoNce' } });
  expect(await runCli(['train', first, '--output', model])).toMatchObject({ code: 0 });
  const embed = [
    'embed',
    '--model',
    model,
    '--format',
    'npy',
    '--output',
    join(folder, 'rows'),
    join(folder, 'photos'),
  ];
  expect(await runCli(embed)).toMatchObject({ code: 0 });

  const captions = ['train', 'val'].flatMap((split) =>
    (split === 'train'
      ? ['dark-red', 'dark-blue', 'bright-cyan', 'dark-cyan', 'bright-red']
      : ['dark-green', 'bright-blue']
    ).map((name) => ({ image: `${name}.png`, captions: [name.replace('-', ' '), `a ${name} wall`], split })),
  );
  await writeFile(join(folder, 'few.jsonl'), captions.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const stored = { features: 'rows/img_emb/img_emb_0.npy', order: 'rows/metadata/metadata_0.parquet' };
  const data = { captions: 'few.jsonl', images: 'photos' };
  const head = { ...onFeatures, batchSize: 4, data: { ...data, validation: 'val', ...stored } };
  const trained = await runCli([
    'train',
    await configFile(folder, head, 'head.json'),
    '--output',
    join(folder, 'head'),
  ]);
  expect(trained).toMatchObject({ code: 0, stderr: '' });
  const views = { x: stored, y: { tfidf: { minCount: 1 } }, data: { ...data, test: 'val' }, components: 2 };
  const aligned = await runCli([
    'align',
    await configFile(folder, views, 'align.json'),
    '--output',
    join(folder, 'aligned'),
  ]);
  expect(jsonLines(aligned)[0]).toMatchObject({ pairs: 10, columns: [8, expect.any(Number)] });
});
