import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden } from '@diptych/golden';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourData, configFile, onFeatures, onPixels } from './training-data.ts';

const augment = { crop: [0.6, 1], flip: 0.5, brightness: 0.1, contrast: 0.1, saturation: 0.1, hue: 0.05 };

async function trained(config: object, args: readonly string[] = []) {
  const folder = await colourData();
  const output = join(folder, 'model');
  const path = await configFile(folder, config);
  const run = await runCli(['train', path, '--output', output, ...args]);
  const resumed = (epochs: number) => async () => {
    await configFile(folder, { ...config, epochs });
    return runCli(['train', path, '--output', output, '--resume', ...args]);
  };
  return { run, resumed, weights: async () => readFile(join(output, 'model.safetensors')) };
}

it('images are changed anew each time, by the seed alone, and a run that is continued has the same bits', async () => {
  const config = { ...onPixels, data: { ...onPixels.data, augment }, loss: { kind: 'infoNce' }, epochs: 3 };
  const whole = await trained(config);
  expect(whole.run).toMatchObject({ code: 0, stderr: '' });
  const parts = await trained({ ...config, epochs: 1 });
  expect(await parts.resumed(3)()).toMatchObject({ code: 0 });
  const weights = await whole.weights();
  expect((await parts.weights()).equals(weights)).toBe(true);
  const plain = await trained({ ...config, data: onPixels.data });
  expect((await plain.weights()).equals(weights)).toBe(false);
  const other = await trained({ ...config, data: { ...config.data, augment: { ...augment, hue: 0.06 } } });
  expect((await other.weights()).equals(weights)).toBe(false);
});

it('stored features have no images to change, and options are checked', async () => {
  for (const [config, message] of [
    [
      { ...onFeatures, data: { ...onFeatures.data, augment } },
      "train.json: data: augment: expected none with 'features', whose rows are made once",
    ],
    [
      { ...onPixels, data: { ...onPixels.data, augment: { flip: 2 } } },
      'train.json: data: augment: flip: expected a number from 0 to 1, got 2',
    ],
    [
      { ...onPixels, data: { ...onPixels.data, augment: { zoom: 2 } } },
      'train.json: data: augment: zoom: expected one of the fields crop, ratio, flip',
    ],
  ] as const) {
    const { run } = await trained(config);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
  }
});

describeGolden('a published model', () => {
  it('is trained on changed images, also where its image tower stays as it is', async () => {
    const base = await tinyClipFolder();
    const config = {
      data: onPixels.data,
      loss: { kind: 'infoNce' },
      epochs: 1,
      batchSize: 6,
      tune: { kind: 'lockedImage' },
    };
    const run = async (data: object) => {
      const found = await trained({ ...config, data }, ['--from', base]);
      expect(found.run).toMatchObject({ code: 0, stderr: '' });
      return jsonLines<{ loss: number; rsum: number }>(found.run)[0]!;
    };
    const plain = await run(config.data);
    const changed = await run({ ...config.data, augment });
    expect(changed).toEqual(await run({ ...config.data, augment }));
    expect(changed.loss).not.toBe(plain.loss);
    expect(await run({ ...config.data, augment: { flip: 0 } })).toEqual(plain);
  });
});
