import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, given, goldenBytes, goldenJson } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak, numbers, readTensors, textBatch } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { gridOf } from '../src/hf/naflex-model.ts';
import { open } from '../src/index.ts';

const own = ['config.json', 'preprocessor_config.json', 'model.safetensors'];

async function folder(changed: Readonly<Record<string, object>> = {}): Promise<Files> {
  const blobs = own.map(async (name) => {
    const path = `oracles2/siglip2/naflex/${name}`;
    if (!changed[name]) return [name, new Blob([await goldenBytes(path)])] as const;
    return [name, new Blob([JSON.stringify({ ...(await goldenJson<object>(path)), ...changed[name] })])] as const;
  });
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), 'siglip2-naflex');
}

const pictures = async () => {
  const names = ['photo_61x47', 'photo_40x90', 'drawn_96x33', 'drawn_24x24'];
  return Promise.all(names.map(async (name) => new Blob([await goldenBytes(`oracles2/images/${name}.png`)])));
};

describeGolden('SigLIP 2 NaFlex', () => {
  describeBackends('against transformers', () => {
    it.each([24, 64])('embeds pictures as at most %i patches, and texts', async (most) => {
      const expected = await readTensors('oracles2/siglip2/expected.safetensors');
      await expectNoLeak(async () => {
        using space = await open(await folder({ 'preprocessor_config.json': { max_num_patches: most } }));
        expect([space.architecture, space.modalities]).toEqual(['siglip2', ['text', 'image']]);
        const rows = await space.embed('image', await pictures(), { normalize: false });
        expectClose(rows.data, numbers(expected, `naflex${most}.pooled`), 1e-5);
        // One by one nothing is padded, and nothing differs.
        const alone = await space.embed('image', await pictures(), { batchSize: 1 });
        expectClose(alone.data, numbers(expected, `naflex${most}.image_embeds`), 1e-5);
        const texts = await space.encode('text', textBatch(expected.get('in.input_ids')!));
        expectClose(texts.data, numbers(expected, 'text_embeds'), 1e-5);
      });
    });
  });

  it('sizes images as transformers does', async () => {
    const { rows } = await goldenJson<{ rows: readonly (readonly number[])[] }>('oracles2/siglip2/size_rule.json');
    const sizes = rows.map(([height, width, patch, most]) =>
      gridOf({ height: height!, width: width! }, patch!, most!).map((side) => side * patch!),
    );
    expect(sizes).toEqual(rows.map(([, , , , height, width]) => [height, width]));
  });

  it.each<[string, string, Readonly<Record<string, object>>]>([
    [
      'UNSUPPORTED',
      'Siglip2ImageProcessor',
      { 'preprocessor_config.json': { image_processor_type: 'CLIPImageProcessor' } },
    ],
    ['UNSUPPORTED', 'do_resize', { 'preprocessor_config.json': { do_resize: false } }],
    ['CONFIG_INVALID', 'patch_size', { 'preprocessor_config.json': { patch_size: 16 } }],
    ['CONFIG_INVALID', 'max_num_patches', { 'preprocessor_config.json': { max_num_patches: 0 } }],
    ['CONFIG_INVALID', 'a square number', { 'config.json': { vision_config: { num_patches: 15 } } }],
    ['UNSUPPORTED', 'vision_use_head', { 'config.json': { vision_config: { vision_use_head: false } } }],
    [
      'CHECKPOINT_MISMATCH',
      'position_embedding',
      { 'config.json': { vision_config: given({ num_patches: 25, patch_size: 8 }) } },
    ],
  ])('%s: %s', async (code, message, changed) => {
    await expect(open(await folder(changed), { backend: 'cpu' })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});
