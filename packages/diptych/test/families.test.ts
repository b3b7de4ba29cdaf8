import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak, imageBatch, readTensors, textBatch } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { type EmbeddingSpace, open } from '../src/index.ts';
import { safetensors } from './safetensors.ts';

/** Golden files under the names that a model's folder has for them. */
async function golden(files: Readonly<Record<string, string>>): Promise<Files> {
  const blobs = Object.entries(files).map(async ([name, path]) => [name, new Blob([await goldenBytes(path)])] as const);
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), 'golden');
}

/** Both towers against `image_embeds` and `text_embeds` of a golden. */
async function expectTowers(space: EmbeddingSpace, path: string): Promise<void> {
  const expected = await readTensors(path);
  const images = await space.encode('image', imageBatch(expected.get('in.pixel_values')!));
  const texts = await space.encode('text', textBatch(expected.get('in.input_ids')!));
  expectClose(images.data, expected.get('image_embeds')!.data as Float32Array, 1e-5);
  expectClose(texts.data, expected.get('text_embeds')!.data as Float32Array, 1e-5);
}

describeGolden('families of models', () => {
  describeBackends('against their references', (backend) => {
    it('SigLIP, with its scale and bias', async () => {
      const files = await golden({
        'config.json': 'oracles/tiny_siglip/config.json',
        'model.safetensors': 'oracles/tiny_siglip/model.safetensors',
      });
      await expectNoLeak(async () => {
        using space = await open(files);
        expect(space.architecture).toBe('siglip');
        await expectTowers(space, 'oracles/tiny_siglip/expected.safetensors');
      });
    });

    it('SigLIP refuses texts that are not padded to its length', async () => {
      const files = await golden({
        'config.json': 'oracles/tiny_siglip/config.json',
        'model.safetensors': 'oracles/tiny_siglip/model.safetensors',
      });
      using space = await open(files);
      const short = { ids: Int32Array.of(5, 6, 1), mask: Int32Array.of(1, 1, 1), shape: [1, 3] } as const;
      await expect(space.encode('text', short)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    });

    it('a BERT of sentence-transformers, from text to embedding', async () => {
      const { texts } = await goldenJson<{ texts: string[] }>('oracles/tiny_bert/texts.json');
      const names = ['config.json', 'modules.json', 'sentence_bert_config.json', 'vocab.txt', 'model.safetensors'];
      const more = ['1_Pooling/config.json', 'tokenizer_config.json', 'special_tokens_map.json'];
      const files = await golden(Object.fromEntries([...names, ...more].map((n) => [n, `oracles/tiny_bert/${n}`])));
      const expected = await readTensors('oracles/tiny_bert/expected.safetensors');
      await expectNoLeak(async () => {
        using space = await open(files);
        expect(space.modalities).toEqual(['text']);
        const { data } = await space.embed('text', texts);
        expectClose(data, expected.get('embedding')!.data as Float32Array, 1e-5);
        await expect(space.embed('image', [new Blob([])])).rejects.toMatchObject({ code: 'UNSUPPORTED' });
      });
    });

    it('an old BERT, with `bert.` before every name and gamma and beta in its norms', async () => {
      const { texts } = await goldenJson<{ texts: string[] }>('oracles/tiny_bert/texts.json');
      const oldName = (name: string) =>
        `bert.${name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')}`;
      const arrays = [...(await readTensors('oracles/tiny_bert/model.safetensors'))];
      const files = blobFiles(
        {
          'config.json': new Blob([await goldenBytes('oracles/tiny_bert/config.json')]),
          'vocab.txt': new Blob([await goldenBytes('oracles/tiny_bert/vocab.txt')]),
          'model.safetensors': safetensors(arrays.map(([name, tensor]) => [oldName(name), tensor])),
        },
        'old-bert',
      );
      using space = await open(files);
      const expected = await readTensors('oracles/tiny_bert/expected.safetensors');
      expectClose((await space.embed('text', texts)).data, expected.get('embedding')!.data as Float32Array, 1e-5);
    });

    it('a ResNet of Hugging Face, its features', async () => {
      const files = await golden({
        'config.json': 'oracles/tiny_resnet/config.json',
        'model.safetensors': 'oracles/tiny_resnet/hf.safetensors',
      });
      const expected = await readTensors('oracles/tiny_resnet/expected.safetensors');
      await expectNoLeak(async () => {
        using space = await open(files);
        const { data } = await space.encode('image', imageBatch(expected.get('in.pixel_values')!), {
          normalize: false,
        });
        expectClose(data, expected.get('pooled')!.data as Float32Array, 1e-5);
      });
    });

    it('the same ResNet below a classifier', async () => {
      const config = new Blob([await goldenBytes('oracles/tiny_resnet/config.json')]);
      const arrays = [...(await readTensors('oracles/tiny_resnet/hf.safetensors'))]
        .filter(([name]) => !name.endsWith('num_batches_tracked'))
        .map(([name, tensor]) => [`resnet.${name}`, tensor] as const);
      const classifier = ['weight', 'bias'].map(
        (name) => [`classifier.1.${name}`, { shape: [1], data: Float32Array.of(1) }] as const,
      );
      const weights = safetensors([...arrays, ...classifier]);
      using space = await open(blobFiles({ 'config.json': config, 'model.safetensors': weights }, 'resnet-50'));
      expect(space.modalities).toEqual(['image']);
      expect(space.dim).toBe(128);
    });

    it('Chinese-CLIP', async () => {
      const files = await golden({
        'config.json': 'oracles/tiny_chinese_clip/config.json',
        'model.safetensors': 'oracles/tiny_chinese_clip/model.safetensors',
      });
      await expectNoLeak(async () => {
        using space = await open(files);
        const expected = await readTensors('oracles/tiny_chinese_clip/expected.safetensors');
        const ids = textBatch(expected.get('in.input_ids')!);
        const mask = textBatch(expected.get('in.attention_mask')!).ids;
        const texts = await space.encode('text', { ...ids, mask });
        const images = await space.encode('image', imageBatch(expected.get('in.pixel_values')!));
        expectClose(texts.data, expected.get('text_embeds')!.data as Float32Array, 1e-5);
        expectClose(images.data, expected.get('image_embeds')!.data as Float32Array, 1e-5);
      });
    });

    it("CLIP in sentence-transformers' folders, and from PyTorch's own file", async () => {
      const type = 'sentence_transformers.models.CLIPModel';
      const modules = new Blob([JSON.stringify([{ idx: 0, name: '0', path: '0_CLIPModel', type }])]);
      const config = new Blob([await goldenBytes('oracles/tiny_clip/config.json')]);
      const weights = new Blob([await goldenBytes('oracles/tiny_clip/pytorch_model.bin')]);
      const files = {
        'modules.json': modules,
        '0_CLIPModel/config.json': config,
        '0_CLIPModel/pytorch_model.bin': weights,
      };
      await expectNoLeak(async () => {
        using space = await open(blobFiles(files, 'clip-ViT-B-32'));
        const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
        const images = await space.encode('image', imageBatch(expected.get('in.pixel_values')!));
        expectClose(images.data, expected.get('quick_gelu.image_embeds')!.data as Float32Array, 1e-5);
      });
    });

    it.each([
      ['int16', 0.5, 2e-3],
      ['int8', 0.3, 3e-2],
    ] as const)(
      '%s weights take less memory where there are kernels, and give nearly the same',
      async (dtype, share, tolerance) => {
        const files = await golden({
          'config.json': 'oracles/tiny_clip/config.json',
          'model.safetensors': 'oracles/tiny_clip/model.safetensors',
        });
        const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
        await expectNoLeak(async () => {
          using full = await open(files);
          using space = await open(files, { dtype });
          expect([full.dtype, space.dtype]).toEqual(['float32', dtype]);
          expect(space.parameters).toBe(full.parameters);
          expect(full.bytes).toBe(4 * full.parameters);
          expect(space.bytes / full.bytes).toBeLessThan((backend === 'wasm' ? share : 1) + 0.1);
          const images = await space.encode('image', imageBatch(expected.get('in.pixel_values')!));
          const texts = await space.encode('text', textBatch(expected.get('in.input_ids')!));
          expectClose(images.data, expected.get('quick_gelu.image_embeds')!.data as Float32Array, tolerance);
          expectClose(texts.data, expected.get('quick_gelu.text_embeds')!.data as Float32Array, tolerance);
        });
      },
    );
  });
});
