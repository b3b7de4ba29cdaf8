import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describeGolden, goldenPath } from '@diptych/golden';
import { expectClose } from '@diptych/testkit';
import { open } from 'diptych';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { temporaryFolder } from './workspace.ts';

const names = ['1000268201_693b08cb0e.jpg', '1001773457_577c3a7d70.jpg', '1002674143_1b742ab4b8.jpg'];

async function photoFolder(): Promise<string> {
  const folder = join(await temporaryFolder(), 'photos');
  await mkdir(folder);
  for (const name of names) await cp(goldenPath(`data/flickr8k/images/${name}`), join(folder, name));
  return folder;
}

interface Row {
  readonly path: string;
  readonly embedding: readonly number[];
}

describeGolden('a CLIP checkpoint and real photos', () => {
  it('embeds as the library does', async () => {
    const [model, folder] = [await tinyClipFolder(), await photoFolder()];
    const rows = jsonLines<Row>(await runCli(['embed', '--model', model, folder, '--batch-size', '2']));
    expect(rows.map(({ path }) => basename(path))).toEqual(names);
    using space = await open(model);
    const expected = await space.embed(
      'image',
      names.map((name) => join(folder, name)),
    );
    expectClose(
      rows.flatMap(({ embedding }) => embedding),
      expected.data,
      1e-6,
    );
    const texts = jsonLines<Row>(
      await runCli(['embed', '--model', model, '--modality', 'text', 'a sunset', 'walking']),
    );
    const expectedTexts = await space.embed('text', ['a sunset', 'walking']);
    expectClose(
      texts.flatMap(({ embedding }) => embedding),
      expectedTexts.data,
      1e-6,
    );
  });

  it('finds a photo by itself, by what is kept of it', async () => {
    const [model, folder] = [await tinyClipFolder(), await photoFolder()];
    for (const precision of ['float32', 'int8']) {
      const index = join(folder, precision);
      const args = ['--images', folder, '--index', index, '--precision', precision, '--image', join(folder, names[1]!)];
      const [best] = jsonLines<{ path: string; score: number }>(await runCli(['search', '--model', model, ...args]));
      expect(best).toMatchObject({ path: join(folder, names[1]!), score: expect.closeTo(1, 3) as number });
    }
  });

  it('classifies', async () => {
    const [model, folder] = [await tinyClipFolder(), await photoFolder()];
    const args = ['classify', '--model', model, '--labels', 'dog,child,sunset', `${folder}/*.jpg`];
    const lines = jsonLines<{ predictions: readonly { label: string; score: number }[] }>(await runCli(args));
    expect(lines).toHaveLength(3);
    for (const { predictions } of lines) {
      expect(predictions.map(({ label }) => label).toSorted()).toEqual(['child', 'dog', 'sunset']);
      expect(predictions.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
    }
  });
});
