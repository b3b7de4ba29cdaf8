import { openSafetensors } from '@diptych/checkpoint';
import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, given, goldenBytes } from '@diptych/golden';
import { hfClipVisionNames, mergedTransformer, vit, vitSpec } from '@diptych/image-encoder';
import { l2Normalize, loadModel } from '@diptych/nn';
import { describeBackends, expectClose, expectNoLeak, imageBatch, readTensors, textBatch } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { type EmbeddingSpace, open, type OpenOptions } from '../src/index.ts';

async function folder(path: string, names: readonly string[]): Promise<Files> {
  const blobs = names.map(async (name) => [name, new Blob([await goldenBytes(`${path}/${name}`)])] as const);
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), path.split('/').at(-1)!);
}

const clip = async () => folder('oracles/tiny_clip', ['config.json', 'model.safetensors']);
const config = {
  imageSize: 32,
  patchSize: 8,
  width: 32,
  layers: 2,
  heads: 4,
  mlpWidth: 64,
  dim: 16,
  activation: 'quick_gelu',
  layerNormEpsilon: 1e-5,
  positionResize: 'hf',
} as const;

async function batchOf() {
  return imageBatch((await readTensors('oracles/tiny_clip/expected.safetensors')).get('in.pixel_values')!);
}

async function rowsOf(files: Files, options: OpenOptions): Promise<{ id: string; data: Float32Array }> {
  using space = await open(files, options);
  const { data, model } = await space.encode('image', await batchOf());
  expect(model).toBe(space.id);
  return { id: space.id, data };
}

function farthest(a: Float32Array, b: Float32Array): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

/** The lowest of the rows. */
function cosine(a: Float32Array, b: Float32Array): number {
  const sums = Array.from({ length: a.length / config.dim }, () => 0);
  a.forEach((value, i) => (sums[Math.floor(i / config.dim)]! += value * b[i]!));
  return Math.min(...sums);
}

describeGolden('mergeTokens', () =>
  describeBackends('open', (backend) => {
    it('gives what the tower gives whose blocks merge, under a name of its own', async () => {
      const files = await clip();
      const image = await files.open('model.safetensors');
      const checkpoint = await openSafetensors(image!);
      const names = { ...hfClipVisionNames, ignore: [...checkpoint.names] };
      using model = await loadModel(vitSpec(config), checkpoint, names);
      const tower = vit(config, model.params, mergedTransformer(config, 5));
      const expected = l2Normalize(tower.forward(await batchOf()));
      const values = (await expected.data<'float32'>()).slice();
      expected.dispose();
      await expectNoLeak(async () => {
        const plain = await rowsOf(files, {});
        const found = await rowsOf(files, { mergeTokens: 5 });
        expect([plain.id, found.id]).toEqual(['tiny_clip', 'tiny_clip+merge5']);
        expectClose(found.data, values, 1e-5);
        expect(farthest(found.data, plain.data)).toBeGreaterThan(1e-3);
        expect(await rowsOf(files, { mergeTokens: 0 })).toEqual(plain);
        expect((await rowsOf(files, { mergeTokens: 5, id: 'mine' })).id).toBe('mine');
      });
    });

    it.each(['int16', 'int8'] as const)('is near that in %s', async (dtype) => {
      const files = await clip();
      const exact = await rowsOf(files, { mergeTokens: 5 });
      const rounded = await rowsOf(files, { mergeTokens: 5, dtype });
      expect(rounded.id).toBe(exact.id);
      expect(cosine(exact.data, rounded.data)).toBeGreaterThan(dtype === 'int16' ? 0.9999 : 0.99);
    });

    it('leaves texts as they are', async () => {
      const batch = textBatch((await readTensors('oracles/tiny_clip/expected.safetensors')).get('in.input_ids')!);
      const of = async (options: OpenOptions) => {
        using space = await open(await clip(), options);
        return (await space.encode('text', batch)).data;
      };
      expect(await of({ mergeTokens: 5 })).toEqual(await of({}));
    });

    it('is the same by the names of open_clip', async () => {
      const files = await folder('oracles/tiny_clip_openclip', [
        'open_clip_config.json',
        'open_clip_model.safetensors',
      ]);
      const exact = await rowsOf(await clip(), { mergeTokens: 5 });
      const found = await rowsOf(files, { mergeTokens: 5 });
      expect(found.id).toBe('tiny_clip_openclip+merge5');
      expectClose(found.data, exact.data, 1e-5);
    });

    it.each([
      ['oracles/tiny_chinese_clip', ['config.json', 'model.safetensors']],
      ['oracles2/vit/in21k', ['config.json', 'preprocessor_config.json', 'model.safetensors']],
    ])('is known to %s', async (path, names) => {
      using space = await open(await folder(path, names), { mergeTokens: 2 });
      expect(space.id).toMatch(/\+merge2$/);
    });

    it('merges those of the images of a pair', async () => {
      using pair = await open({ text: await clip(), image: await clip() }, { sameSpace: true, mergeTokens: 5 });
      expect(pair.id).toBe('tiny_clip and tiny_clip+merge5');
      const { data } = await pair.encode('image', await batchOf());
      expectClose(data, (await rowsOf(await clip(), { mergeTokens: 5 })).data, 1e-6);
    });

    it.each([
      ['oracles/tiny_siglip', ['config.json', 'model.safetensors']],
      ['oracles2/dinov2_registers', ['config.json', 'preprocessor_config.json', 'model.safetensors']],
    ])('is refused by %s, whose tower has none', async (path, names) => {
      await expectNoLeak(async () => {
        const opened = open(await folder(path, names), { mergeTokens: 2 });
        await expect(opened).rejects.toMatchObject({
          code: 'UNSUPPORTED',
          where: expect.stringMatching(/mergeTokens$/),
        });
      });
    });

    it('is refused where so many are not there, and where it is no number', async () => {
      await expectNoLeak(async () => {
        for (const mergeTokens of [9, -1, 0.5, Number.NaN, given('5'), given(null)]) {
          const opened: Promise<EmbeddingSpace> = open(await clip(), { mergeTokens });
          await expect(opened).rejects.toMatchObject({ code: 'INPUT_INVALID', where: 'mergeTokens' });
        }
        using most = await open(await clip(), { mergeTokens: 8 });
        expect(most.backend.name).toBe(backend);
      });
    });
  }),
);
