import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, given, goldenBytes } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak, imageBatch, readTensors, textBatch } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';
import { safetensors } from './safetensors.ts';

async function clip(id: string, weights?: Blob): Promise<Files> {
  const read = async (name: string) => new Blob([await goldenBytes(`oracles/tiny_clip/${name}`)]);
  return blobFiles(
    { 'config.json': await read('config.json'), 'model.safetensors': weights ?? (await read('model.safetensors')) },
    id,
  );
}

const ofImages = ['config.json', 'model.safetensors', 'preprocessor_config.json'];
const ofTexts = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

async function nomic(path: 'nomic_text' | 'nomic_vision', names: readonly string[]): Promise<Files> {
  const blobs = names.map(async (name) => [name, new Blob([await goldenBytes(`oracles2/${path}/${name}`)])] as const);
  const id = `nomic-ai/${path.replace('_', '-embed-')}-v1.5`;
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), id);
}

async function multilingual(id: string): Promise<Files> {
  const names = ['config.json', 'model.safetensors', 'modules.json', 'tokenizer.json', 'tokenizer_config.json'];
  const more = [
    'sentence_bert_config.json',
    '1_Pooling/config.json',
    '2_Dense/config.json',
    '2_Dense/model.safetensors',
  ];
  const blobs = [...names, ...more].map(
    async (name) => [name, new Blob([await goldenBytes(`oracles2/distilbert/clip_multilingual/${name}`)])] as const,
  );
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), id);
}

describeGolden('two models as one space', () =>
  describeBackends('open of a pair', () => {
    it('embed texts by one and images by the other, each with its own tower alone', async () => {
      const files = await clip('clip-tiny');
      const expected = await readTensors('oracles/tiny_clip/expected.safetensors');
      await expectNoLeak(async () => {
        using whole = await open(files);
        using space = await open({ text: files, image: await clip('other') }, { sameSpace: true });
        expect(space.modalities).toEqual(['text', 'image']);
        expect(space.id).toBe('clip-tiny and other');
        // The scale comes with either.
        expect(space.parameters).toBe(whole.parameters + 1);
        for (const modality of ['text', 'image'] as const) {
          const tensor = expected.get(modality === 'text' ? 'in.input_ids' : 'in.pixel_values')!;
          const batch = modality === 'text' ? textBatch(tensor) : imageBatch(tensor);
          const rows = await space.encode(modality, given(batch));
          expectClose(rows.data, expected.get(`quick_gelu.${modality}_embeds`)!.data as Float32Array, 1e-5);
        }
      });
    });

    it('are refused where nothing says that they share a space', async () => {
      const pair = { text: await multilingual('my-texts'), image: await clip('clip-ViT-B-32') };
      const refused = { code: 'INPUT_INVALID', where: 'text and image' };
      await expect(open(pair)).rejects.toMatchObject(refused);
      await expect(open(pair, { sameSpace: given('yes') })).rejects.toMatchObject({ where: 'sameSpace' });
      await expect(open({ ...pair, text: given(3) })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    });

    it('are known by their names', async () => {
      const known = { text: await multilingual('a/clip-ViT-B-32-multilingual-v1'), image: await clip('clip-ViT-B-32') };
      await expectNoLeak(async () => {
        using space = await open(known);
        const images = await readTensors('oracles/tiny_clip/expected.safetensors');
        const rows = await space.encode('image', imageBatch(images.get('in.pixel_values')!));
        expectClose(rows.data, images.get('quick_gelu.image_embeds')!.data as Float32Array, 1e-5);
        const texts = await readTensors('oracles2/distilbert/expected.safetensors');
        const batch = textBatch(texts.get('clip_multilingual.in.input_ids')!);
        const { ids: mask } = textBatch(texts.get('clip_multilingual.in.attention_mask')!);
        const own = await space.encode('text', { ...batch, mask }, { normalize: false });
        expectClose(own.data, texts.get('clip_multilingual.sentence_embedding')!.data as Float32Array, 1e-5);
      });
    });

    it('of nomic-ai are one space, whose rows of texts are those of its card', async () => {
      const pair = { text: await nomic('nomic_text', ofTexts), image: await nomic('nomic_vision', ofImages) };
      await expectNoLeak(async () => {
        using space = await open(pair);
        const seen = await readTensors('oracles2/nomic_vision/expected.safetensors');
        const rows = await space.encode('image', imageBatch(seen.get('in.pixel_values')!));
        expectClose(rows.data, seen.get('image_embeds')!.data as Float32Array, 1e-5);
        const told = await readTensors('oracles2/nomic_text/expected.safetensors');
        const batch = textBatch(told.get('in.input_ids')!);
        const { ids: mask } = textBatch(told.get('in.attention_mask')!);
        const own = await space.encode('text', { ...batch, mask });
        expectClose(own.data, told.get('v1_5_layer_norm_then_normalised')!.data as Float32Array, 1e-5);
        const cut = await space.encode('text', { ...batch, mask }, { truncateDim: 16 });
        expectClose(cut.data, told.get('v1_5_truncated_16')!.data as Float32Array, 1e-5);
      });
    });

    it('are refused where their dimensions differ, with nothing left', async () => {
      const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
      const blobs = names.map(async (name) => [name, new Blob([await goldenBytes(`oracles2/mpnet/${name}`)])] as const);
      const text = blobFiles(Object.fromEntries(await Promise.all(blobs)), 'mpnet');
      const image = await clip('clip');
      await expectNoLeak(async () => {
        await expect(open({ text, image }, { sameSpace: true })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
      });
    });

    it('are refused where one lacks what it is for', async () => {
      const pair = { text: await clip('clip'), image: await multilingual('texts') };
      await expectNoLeak(async () => {
        const opened = open(pair, { sameSpace: true });
        await expect(opened).rejects.toMatchObject({ code: 'UNSUPPORTED', where: 'texts' });
      });
    });

    it('are whole, though one tower is read: nothing missing, nothing left over', async () => {
      const arrays = [...(await readTensors('oracles/tiny_clip/model.safetensors'))];
      const more = safetensors([...arrays, ['extra', { shape: [1], data: Float32Array.of(1) }]]);
      const pair = { text: await clip('a'), image: await clip('b', new Blob([more])) };
      const opened = open(pair, { sameSpace: true });
      await expect(opened).rejects.toMatchObject({ code: 'CHECKPOINT_MISMATCH' });
    });
  }),
);
