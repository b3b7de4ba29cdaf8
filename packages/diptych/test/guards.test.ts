import { blobFiles } from '@diptych/checkpoint';
import { describeGolden, goldenJson } from '@diptych/golden';
import { describeBackends, expectNoLeak, imageBatch, readTensors } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import { checkActivation } from '../src/guards.ts';
import { open } from '../src/index.ts';
import { safetensors } from './safetensors.ts';

describe('the activation that weights were trained with', () => {
  it.each([
    ['openai/clip-vit-base-patch32', 'quick_gelu'],
    ['openai/clip-vit-large-patch14@refs/pr/1', 'quick_gelu'],
    ['timm/vit_base_patch32_clip_224.openai', 'quick_gelu'],
    ['laion/CLIP-ViT-B-32-laion2B-s34B-b79K', 'gelu'],
    ['timm/vit_base_patch32_clip_224.laion2b_s34b_b79k', 'gelu'],
  ])('of %s is %s', (name, activation) => {
    const other = activation === 'gelu' ? 'quick_gelu' : 'gelu';
    expect(() => checkActivation([name], activation, 'it')).not.toThrow();
    expect(() => checkActivation([undefined, name], other, 'it')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(`trained with ${activation}`),
      }),
    );
  });

  it('is not known of other models', () => {
    expect(() => checkActivation(['/home/me/clip', undefined, 7], 'gelu', 'it')).not.toThrow();
  });
});

describeGolden('what would go wrong silently', () => {
  const tiny = async (arrays: Iterable<[string, unknown]>, config?: unknown, id = 'tiny') => {
    const json = config ?? (await goldenJson('oracles/tiny_clip/config.json'));
    const weights = safetensors(arrays as never);
    return blobFiles({ 'config.json': new Blob([JSON.stringify(json)]), 'model.safetensors': weights }, id);
  };

  describeBackends('is an error with its cure', () => {
    it('the other activation', async () => {
      const json = await goldenJson<Record<string, object>>('oracles/tiny_clip/config.json');
      const vision = { ...json['vision_config'], hidden_act: 'gelu' };
      const files = await tiny([], { ...json, vision_config: vision, _name_or_path: 'openai/clip-vit-base-patch32' });
      await expect(open(files)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    });

    it('a missing projection', async () => {
      const arrays = new Map(await readTensors('oracles/tiny_clip/model.safetensors'));
      arrays.delete('visual_projection.weight');
      await expectNoLeak(async () => {
        await expect(open(await tiny(arrays))).rejects.toMatchObject({
          code: 'CHECKPOINT_MISMATCH',
          message: expect.stringContaining('CLIPVisionModelWithProjection'),
        });
      });
    });

    it('weights that overflow', async () => {
      const arrays = new Map(await readTensors('oracles/tiny_clip/model.safetensors'));
      const { shape, data } = arrays.get('visual_projection.weight')!;
      arrays.set('visual_projection.weight', { shape, data: (data as Float32Array).map(() => 3e38) });
      const pixels = imageBatch((await readTensors('oracles/tiny_clip/expected.safetensors')).get('in.pixel_values')!);
      await expectNoLeak(async () => {
        using space = await open(await tiny(arrays));
        await expect(space.encode('image', pixels)).rejects.toMatchObject({ code: 'CHECKPOINT_INVALID' });
      });
    });
  });

  describeBackends('one tower with its projection', () => {
    it.each([
      ['clip_vision_model', 'vision_config', /^vision_model|^visual/, 'image'],
      ['clip_text_model', 'text_config', /^text/, 'text'],
    ] as const)('%s opens alone', async (model_type, field, names, modality) => {
      const json = await goldenJson<Record<string, object>>('oracles/tiny_clip/config.json');
      const arrays = [...(await readTensors('oracles/tiny_clip/model.safetensors'))].filter(([name]) =>
        names.test(name),
      );
      await expectNoLeak(async () => {
        using space = await open(await tiny(arrays, { ...json[field], model_type }));
        expect(space.modalities).toEqual([modality]);
        expect(space.dim).toBe(16);
      });
    });
  });
});
