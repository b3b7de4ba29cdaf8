import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npyWriter } from '@diptych/datasets/node';
import { plainImage, temporaryFolder } from './workspace.ts';

const hues = {
  red: [1, 0, 0],
  green: [0, 1, 0],
  blue: [0, 0, 1],
  yellow: [1, 1, 0],
  white: [1, 1, 1],
  cyan: [0, 1, 1],
} as const;
const tones = { dark: 90, bright: 250 } as const;

/** A file of features as NumPy writes it. */
export async function writeNpy(path: string, rows: readonly (readonly number[])[]): Promise<void> {
  await rm(path, { force: true });
  const writer = await npyWriter(path);
  const shape = [rows.length, rows[0]!.length] as const;
  await writer.add({ precision: 'float32', data: Float32Array.from(rows.flat()), shape, model: 'features' });
  await writer.close();
}

/** A folder with twelve colours as pictures and as features, two captions each, for training and as validation. */
export async function colourData(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'photos'));
  const colours = Object.entries(hues).flatMap(([hue, rgb]) =>
    Object.entries(tones).map(([tone, level]) => {
      return {
        image: `${tone}-${hue}.png`,
        hue,
        tone,
        rgb: rgb.map((part) => part * level) as [number, number, number],
      };
    }),
  );
  for (const { image, rgb } of colours) await plainImage(join(folder, 'photos', image), rgb);
  const lines = ['train', 'val'].flatMap((split) =>
    colours.map(({ image, hue, tone }) => {
      const captions = [`a ${tone} ${hue} wall`, `${hue}, rather ${tone}`];
      // One image may be in one split only, so validation has them by another name.
      return { id: `${split}/${image}`, image, captions, split };
    }),
  );
  await writeFile(join(folder, 'captions.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  await writeNpy(
    join(folder, 'features.npy'),
    [...colours, ...colours].map(({ rgb }) => [...rgb.map((v) => v / 255), 1]),
  );
  await writeFile(join(folder, 'order.json'), JSON.stringify(lines.map(({ id }) => id)));
  return folder;
}

/** Writes a configuration and gives its path. */
export async function configFile(folder: string, config: unknown, name = 'train.json'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof config === 'string' ? config : JSON.stringify(config));
  return path;
}

const data = { captions: 'captions.jsonl', images: 'photos', validation: 'val' };
const base = {
  epochs: 2,
  batchSize: 6,
  optimizer: { learningRate: 0.02 },
};

/** Towers over pixels. */
export const onPixels = {
  ...base,
  data,
  model: { dim: 8, minCount: 1, text: { kind: 'bag' }, image: { kind: 'cnn', size: 8, widths: [8, 8] } },
};

/** A head over stored features, and words in order. */
export const onFeatures = {
  ...base,
  data: { ...data, features: 'features.npy', order: 'order.json' },
  model: { dim: 8, minCount: 1, text: { kind: 'gru', wordDim: 8 }, image: { kind: 'features' } },
};
