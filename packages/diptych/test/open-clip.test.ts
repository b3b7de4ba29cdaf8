import { blobFiles } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { place } from '@diptych/nn';
import { describeBackends, expectClose, expectNoLeak, imageBatch, readTensors, textBatch } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { configReader } from '@diptych/core';
import { open } from '../src/index.ts';
import type { Json } from '../src/model-json.ts';
import { planNames, planSpec } from '../src/model-plan.ts';
import { openClipPlan } from '../src/open-clip/open-clip.ts';

interface Manifest {
  readonly config: Json;
  readonly keys: Readonly<Record<string, readonly [dtype: string, shape: readonly number[]]>>;
  readonly non_persistent_buffers: readonly string[];
}

const published = [
  'open_clip_vit_b_32',
  'open_clip_rn50',
  'open_clip_tinyclip_vit_8m_16_text_3m',
  'open_clip_vit_b_16_siglip',
  'open_clip_mobileclip_s1',
  'open_clip_mobileclip_b',
];

describeGolden('what open_clip publishes', () => {
  it.each(published)('%s: its configuration leads to exactly its arrays', async (name) => {
    const { config, keys } = await goldenJson<Manifest>(`oracles/keys/${name}.json`);
    const plan = await openClipPlan(configReader(config, name), {}, blobFiles({}, name));
    const checkpoint = { names: new Set(Object.keys(keys)), shape: (key: string) => keys[key]![1] };
    const used = place(planSpec(plan), checkpoint, planNames(plan)).flatMap(({ from }) => from);
    const unused = Object.keys(keys).filter((key) => !used.includes(key));
    expect(unused.every((key) => key.endsWith('.num_batches_tracked'))).toBe(true);
  });

  it.each([
    ['text_cfg', { hf_model_name: 'bert-base-uncased' }],
    ['text_cfg', { embed_cls: true }],
    ['text_cfg', { pool_type: 'first' }],
    ['vision_cfg', { timm_model_name: 'convnextv2_base' }],
    ['vision_cfg', { attentional_pool: true }],
  ])('%s %o is refused by name', async (tower, fields) => {
    const config = { text_cfg: {}, vision_cfg: {}, [tower]: fields };
    const plan = Promise.resolve().then(() => openClipPlan(configReader(config, 'it'), {}, blobFiles({}, 'it')));
    const [field] = Object.keys(fields);
    await expect(plan).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining(field!) });
  });

  describeBackends('a residual network', () => {
    it('gives the embeddings of PyTorch', async () => {
      const names = ['open_clip_config.json', 'open_clip_model.safetensors'];
      const blobs = names.map(
        async (name) => [name, new Blob([await goldenBytes(`oracles/tiny_clip_rn/${name}`)])] as const,
      );
      const files = blobFiles(Object.fromEntries(await Promise.all(blobs)), 'tiny');
      const expected = await readTensors('oracles/tiny_clip_rn/expected.safetensors');
      await expectNoLeak(async () => {
        using space = await open(files);
        const images = await space.encode('image', imageBatch(expected.get('in.pixel_values')!));
        const texts = await space.encode('text', textBatch(expected.get('in.input_ids')!));
        expectClose(images.data, expected.get('image_embeds')!.data as Float32Array, 1e-5);
        expectClose(texts.data, expected.get('text_embeds')!.data as Float32Array, 1e-5);
      });
    });
  });
});
