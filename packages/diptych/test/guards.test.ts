import { blobFiles } from '@diptych/files';
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
    ['timm/vit_base_patch32_clip_224.laion400m_e31', 'quick_gelu'],
    ['timm/vit_base_patch32_clip_224.laion400m_e32', 'quick_gelu'],
    ['timm/vit_base_patch16_clip_224.laion400m_e31', 'gelu'],
    ['timm/vit_large_patch14_clip_224.laion400m_e32', 'gelu'],
    ['timm/vit_base_patch16_plus_clip_240.laion400m_e31', 'gelu'],
    ['timm/resnet50_clip.openai', 'quick_gelu'],
    ['timm/resnet50_clip.yfcc15m', 'quick_gelu'],
    ['timm/resnet101_clip.yfcc15m', 'quick_gelu'],
    ['timm/vit_large_patch14_clip_224.metaclip_2pt5b', 'quick_gelu'],
    ['timm/vit_base_patch16_clip_224.metaclip_400m', 'quick_gelu'],
    ['timm/vit_huge_patch14_clip_224.metaclip_altogether', 'gelu'],
    ['apple/DFN2B-CLIP-ViT-B-16', 'quick_gelu'],
    ['apple/DFN2B-CLIP-ViT-L-14', 'quick_gelu'],
    ['apple/DFN2B-CLIP-ViT-L-14-39B', 'gelu'],
    ['apple/DFN5B-CLIP-ViT-H-14-378@main', 'quick_gelu'],
  ])('of %s is %s', (name, activation) => {
    const other = activation === 'gelu' ? 'quick_gelu' : 'gelu';
    expect(() => checkActivation([name], activation, 'it')).not.toThrow();
    expect(() => checkActivation([undefined, name], other, 'it')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        expected: `${activation}, which these weights were trained with`,
      }),
    );
  });

  it('is that of the repository, whatever its configuration was copied from', () => {
    const names = ['laion/CLIP-ViT-B-32-laion2B-s34B-b79K', 'openai/clip-vit-base-patch32'];
    expect(() => checkActivation(names, 'gelu', 'it')).not.toThrow();
    expect(() => checkActivation(names, 'quick_gelu', 'it')).toThrow(
      'expected gelu, which these weights were trained with',
    );
  });

  it('is not known of other models', () => {
    expect(() => checkActivation(['/home/me/clip', undefined, 7], 'gelu', 'it')).not.toThrow();
  });
});

describeGolden('what would go wrong silently', () => {
  const tiny = async (arrays: Parameters<typeof safetensors>[0], config?: unknown, id = 'tiny') => {
    const json = config ?? (await goldenJson('oracles/tiny_clip/config.json'));
    const weights = safetensors(arrays);
    return blobFiles({ 'config.json': new Blob([JSON.stringify(json)]), 'model.safetensors': weights }, id);
  };

  describeBackends('is an error with its cure', () => {
    it('the other activation', async () => {
      const json = await goldenJson<Record<string, object>>('oracles/tiny_clip/config.json');
      const vision = { ...json['vision_config'], hidden_act: 'gelu' };
      const files = await tiny([], { ...json, vision_config: vision, _name_or_path: 'openai/clip-vit-base-patch32' });
      await expect(open(files)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    });

    it.each([
      ['clip_text_model', 'text_config'],
      ['clip_vision_model', 'vision_config'],
    ])('the other activation in %s alone', async (model_type, field) => {
      const json = await goldenJson<Record<string, object>>('oracles/tiny_clip/config.json');
      const config = { ...json[field], model_type, hidden_act: 'gelu', _name_or_path: 'openai/clip-vit-base-patch32' };
      await expect(open(await tiny([], config))).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    });

    it.each([
      ['tiny_chinese_clip', 'model.safetensors', 'text_projection.weight'],
      ['tiny_clip_openclip', 'open_clip_model.safetensors', 'visual.proj'],
      ['tiny_clip_openclip', 'open_clip_model.safetensors', 'text_projection'],
    ])('%s: %s without %s', async (oracle, file, name) => {
      const arrays = new Map(await readTensors(`oracles/${oracle}/${file}`));
      arrays.delete(name);
      const config = file.startsWith('open_clip') ? 'open_clip_config.json' : 'config.json';
      const json = new Blob([JSON.stringify(await goldenJson(`oracles/${oracle}/${config}`))]);
      await expect(open(blobFiles({ [config]: json, [file]: safetensors(arrays) }, oracle))).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
        expected: `${name}, without which texts and images are not comparable`,
      });
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
