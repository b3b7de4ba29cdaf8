import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak, imageBatch, numbers, readTensors } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';

const own = ['config.json', 'preprocessor_config.json', 'model.safetensors'];

/** A folder of the second set of references, with some files replaced. */
async function folder(path: string, changed: Readonly<Record<string, object>> = {}): Promise<Files> {
  const blobs = own.map(async (name) => {
    const json = changed[name];
    const part = json ? JSON.stringify(json) : await goldenBytes(`oracles2/${path}/${name}`);
    return [name, new Blob([part])] as const;
  });
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), path);
}

const names = ['photo_61x47', 'photo_40x90', 'drawn_96x33', 'drawn_24x24'];
const pictures = async () =>
  Promise.all(names.map(async (name) => new Blob([await goldenBytes(`oracles2/images/${name}.png`)])));

interface Case {
  readonly path: string;
  readonly architecture: string;
  readonly expected: string;
  /** Names of the pixels and of the rows. */
  readonly pixels: string;
  readonly rows: string;
}

const cases: readonly Case[] = [
  { path: 'vit/in21k', architecture: 'vit', expected: 'vit', pixels: 'in.pixel_values', rows: 'pooled' },
  { path: 'vit/classifier', architecture: 'vit', expected: 'vit', pixels: 'in.pixel_values', rows: 'cls' },
  {
    path: 'dinov2/base',
    architecture: 'dinov2',
    expected: 'dinov2',
    pixels: 'base.in.pixel_values',
    rows: 'base.pooled',
  },
  {
    path: 'dinov2/giant',
    architecture: 'dinov2',
    expected: 'dinov2',
    pixels: 'giant.in.pixel_values',
    rows: 'giant.pooled',
  },
  {
    path: 'dinov2_registers',
    architecture: 'dinov2',
    expected: 'dinov2_registers',
    pixels: 'in.pixel_values',
    rows: 'pooled',
  },
  {
    path: 'nomic_vision',
    architecture: 'nomic_vision',
    expected: 'nomic_vision',
    pixels: 'in.pixel_values',
    rows: 'embeds_raw',
  },
];

describeGolden('networks for images alone', () => {
  describeBackends('against their references', () => {
    it.each(cases)('$path gives its rows', async ({ path, architecture, expected, pixels, rows }) => {
      const tensors = await readTensors(`oracles2/${expected}/expected.safetensors`);
      await expectNoLeak(async () => {
        using space = await open(await folder(path));
        expect([space.architecture, space.modalities]).toEqual([architecture, ['image']]);
        const { data } = await space.encode('image', imageBatch(tensors.get(pixels)!), { normalize: false });
        expectClose(data, numbers(tensors, rows), 1e-5);
        const pixelwise = await space.embed('image', await pictures(), { normalize: false });
        expectClose(pixelwise.data, numbers(tensors, rows), 1e-5);
        const refusal = { code: 'UNSUPPORTED', message: expect.stringContaining('text') };
        await expect(space.embed('text', ['a cat'])).rejects.toMatchObject(refusal);
      });
    });
  });

  it.each<[string, object, string]>([
    ['vit/in21k', { model_type: 'vit', qkv_bias: false }, 'qkv_bias: expected true, got false'],
    ['vit/in21k', { model_type: 'vit', pooler_act: 'gelu' }, 'pooler_act: expected "tanh", got "gelu"'],
    ['vit/in21k', { model_type: 'vit', num_channels: 1 }, 'num_channels: expected 3, got 1'],
    [
      'dinov2_registers',
      { model_type: 'dinov2_with_registers', interpolate_antialias: false },
      'interpolate_antialias',
    ],
    ['dinov2_registers', { model_type: 'dinov2_with_registers', interpolate_offset: 0.1 }, 'interpolate_offset'],
    ['nomic_vision', { model_type: 'nomic_bert', img_size: 32, norm_mlp: false }, 'norm_mlp: expected true, got false'],
    [
      'nomic_vision',
      { model_type: 'nomic_bert', img_size: 32, register_tokens: 4 },
      'register_tokens: expected 0, got 4',
    ],
    ['nomic_vision', { model_type: 'nomic_bert', img_size: [32, 16], n_embd: 32 }, 'img_size: expected one side'],
  ])('%s refuses a setting that is not obeyed: %j', async (path, config, message) => {
    await expect(open(await folder(path, { 'config.json': config }))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining(message),
    });
  });
});
