import type { ImageBatch, StoredTensor } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak, imageBatch, readTensors, textBatch } from '@diptych/testkit';
import { beforeAll, expect, it } from 'vitest';
import { open } from '../src/index.ts';
import { safetensors } from './safetensors.ts';

type Json = Readonly<Record<string, Record<string, unknown>>>;

describeGolden('CLIP against PyTorch', () => {
  let expected: ReadonlyMap<string, StoredTensor>;
  let config: Json;
  beforeAll(async () => {
    expected = await readTensors('oracles/tiny_clip/expected.safetensors');
    config = await goldenJson('oracles/tiny_clip/config.json');
  });

  const values = (name: string) => expected.get(name)!.data as Float32Array;
  const images = (name = 'in.pixel_values') => imageBatch(expected.get(name)!);
  const texts = () => textBatch(expected.get('in.input_ids')!);
  const gelu = () => ({
    ...config,
    text_config: { ...config['text_config'], hidden_act: 'gelu' },
    vision_config: { ...config['vision_config'], hidden_act: 'gelu' },
  });

  describeBackends('tiny CLIP', () => {
    const expectEmbeddings = async (files: Files, activation = 'quick_gelu') => {
      await expectNoLeak(async () => {
        using space = await open(files);
        const raw = { normalize: false };
        const rawImages = await space.encode('image', images(), raw);
        const rawTexts = await space.encode('text', texts(), raw);
        expectClose(rawImages.data, values(`${activation}.image_embeds_raw`), 1e-5);
        expectClose(rawTexts.data, values(`${activation}.text_embeds_raw`), 1e-5);
        const unitImages = await space.encode('image', images());
        const unitTexts = await space.encode('text', texts());
        expectClose(unitImages.data, values(`${activation}.image_embeds`), 1e-5);
        expectClose(unitTexts.data, values(`${activation}.text_embeds`), 1e-5);
        const logits = space.similarity(unitImages, unitTexts).map((cosine) => cosine * Math.exp(2.6592));
        expectClose(logits, values(`${activation}.logits_per_image`), 1e-3);
      });
    };

    it('as transformers publishes it', async () => {
      await expectEmbeddings(await hfFiles(config));
    });

    it('with the error function in its activation', async () => {
      await expectEmbeddings(await hfFiles(gelu()), 'gelu');
    });

    it('with the end-of-text id 2 of old configurations', async () => {
      await expectEmbeddings(await hfFiles(await goldenJson('oracles/tiny_clip/config_legacy_eos2.json')));
    });

    it('with position ids among its arrays', async () => {
      await expectEmbeddings(await hfFiles(config, 'model_with_position_ids.safetensors'));
    });

    it('with a *_config_dict, which counts alone', async () => {
      const { text_config: text, vision_config: vision, ...rest } = config;
      const other = { ...text, num_hidden_layers: 7, hidden_act: 'gelu' };
      const old = { ...rest, text_config: other, text_config_dict: text!, vision_config: vision! };
      await expectEmbeddings(await hfFiles(old));
    });

    it('as open_clip publishes it', async () => {
      await expectEmbeddings(await openClipFiles());
    });

    it('in two shards', async () => {
      await expectEmbeddings(await shardedFiles(config));
    });

    it('for images of another size', async () => {
      using space = await open(await hfFiles(config));
      const batch = images('in.pixel_values_40x48');
      const { data } = await expectNoLeak(() => space.encode('image', batch, { normalize: false }));
      expectClose(data, values('interp_40x48.image_embeds_raw'), 1e-5);
    });

    it('says what is wrong with a configuration, a batch or a text it has no tokens for', async () => {
      const bad = { ...config, text_config: { ...config['text_config'], num_hidden_layers: 'two' } };
      await expect(open(await hfFiles(bad))).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('num_hidden_layers'),
      });
      using space = await open(await hfFiles(config));
      const odd: ImageBatch = { pixels: new Float32Array(3 * 33 * 32), shape: [1, 33, 32, 3] };
      await expect(space.encode('image', odd)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
      await expect(space.embed('text', ['a cat'])).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining('tokenizer.json'),
      });
    });
  });

  describeBackends("OpenAI's own code", () => {
    it('gives the same features and logits', async () => {
      const golden = await goldenJson<OpenAiGolden>('golden/openai_clip_tiny/vit.json');
      const io = await readTensors('golden/openai_clip_tiny/vit.io.safetensors');
      using space = await open(await openAiFiles(golden.config));
      const raw = { normalize: false };
      const imageRows = await space.encode('image', imageBatch(io.get('image')!), raw);
      const ids = Int32Array.from(golden.text.flat());
      const shape = [golden.text.length, golden.text[0]!.length] as const;
      const textRows = await space.encode('text', { ids, mask: new Int32Array(ids.length).fill(1), shape }, raw);
      expectClose(imageRows.data, golden.image_features.flat(), 1e-5);
      expectClose(textRows.data, golden.text_features.flat(), 1e-5);
    });
  });
});

interface OpenAiGolden {
  readonly config: Readonly<Record<string, number>>;
  readonly text: readonly (readonly number[])[];
  readonly image_features: readonly (readonly number[])[];
  readonly text_features: readonly (readonly number[])[];
}

const blob = (value: unknown) => new Blob([JSON.stringify(value)]);

async function hfFiles(config: unknown, weights = 'model.safetensors'): Promise<Files> {
  const bytes = await goldenBytes(`oracles/tiny_clip/${weights}`);
  return blobFiles({ 'config.json': blob(config), 'model.safetensors': new Blob([bytes]) }, 'tiny');
}

async function openClipFiles(): Promise<Files> {
  const names = ['open_clip_config.json', 'open_clip_model.safetensors'];
  const bytes = await Promise.all(names.map((name) => goldenBytes(`oracles/tiny_clip_openclip/${name}`)));
  return blobFiles(Object.fromEntries(names.map((name, i) => [name, new Blob([bytes[i]!])])), 'tiny');
}

async function openAiFiles(config: OpenAiGolden['config']): Promise<Files> {
  const weights = new Blob([await goldenBytes('golden/openai_clip_tiny/vit.safetensors')]);
  const model_cfg = {
    embed_dim: config['embed_dim'],
    quick_gelu: true,
    vision_cfg: {
      image_size: config['image_resolution'],
      layers: config['vision_layers'],
      width: config['vision_width'],
      patch_size: config['vision_patch_size'],
    },
    text_cfg: {
      context_length: config['context_length'],
      vocab_size: config['vocab_size'],
      width: config['transformer_width'],
      heads: config['transformer_heads'],
      layers: config['transformer_layers'],
    },
  };
  return blobFiles({ 'open_clip_config.json': blob({ model_cfg }), 'open_clip_model.safetensors': weights }, 'openai');
}

/** The same arrays in two files and an index. */
async function shardedFiles(config: unknown): Promise<Files> {
  const tensors = [...(await readTensors('oracles/tiny_clip/model.safetensors'))];
  const files = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const shards = [tensors.slice(0, 20), tensors.slice(20)];
  const weight_map = Object.fromEntries(shards.flatMap((shard, i) => shard.map(([name]) => [name, files[i]])));
  return blobFiles(
    {
      'config.json': blob(config),
      'model.safetensors.index.json': blob({ metadata: {}, weight_map }),
      [files[0]!]: safetensors(shards[0]!),
      [files[1]!]: safetensors(shards[1]!),
    },
    'sharded',
  );
}
