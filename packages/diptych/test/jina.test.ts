import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import {
  describeBackends,
  expectClose,
  expectNoLeak,
  imageBatch,
  numbers,
  readTensors,
  textBatch,
} from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';

type Change = Readonly<Record<string, unknown>>;

const clipNames = [
  'config.json',
  'model.safetensors',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
];
const textNames = [
  'config.json',
  'model.safetensors',
  'modules.json',
  '1_Pooling/config.json',
  'sentence_bert_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
];

interface ClipConfig {
  readonly text_config: Change;
  readonly vision_config: Change;
}

/** The files of a folder, with its configuration changed. */
async function folder(
  path: string,
  names: readonly string[],
  changed: (config: Change) => Change = (config) => config,
): Promise<Files> {
  const config = changed(await goldenJson<Change>(`oracles2/jina_clip_v1/${path}/config.json`));
  const blobs = names.map(async (name) => {
    const own = name === 'config.json' ? JSON.stringify(config) : undefined;
    return [name, new Blob([own ?? (await goldenBytes(`oracles2/jina_clip_v1/${path}/${name}`))])] as const;
  });
  return blobFiles(Object.fromEntries(await Promise.all(blobs)), path);
}

/** The published `config.json` leaves the text network's sizes to another repository: those of the small one are told here. */
async function clip(text: Change = {}, vision: Change = {}, network: Change = {}): Promise<Files> {
  const { published: _, note: __, ...sizes } = await goldenJson<Change>('oracles2/jina_clip_v1/clip/text_sizes.json');
  return folder('clip', clipNames, (config) => {
    const own = config as Change & ClipConfig;
    return {
      ...config,
      text_config: { ...own.text_config, hf_model_config_kwargs: { ...sizes, ...network }, ...text },
      vision_config: { ...own.vision_config, ...vision },
    };
  });
}

const texts = async () => (await goldenJson<{ texts: string[] }>('oracles2/jina_clip_v1/clip/texts.json')).texts;
const expectedRows = async () => readTensors('oracles2/jina_clip_v1/expected.safetensors');
const pictures = async () =>
  Promise.all(
    ['photo_61x47', 'photo_40x90', 'drawn_96x33', 'drawn_24x24'].map(
      async (name) => new Blob([await goldenBytes(`oracles2/images/${name}.png`)]),
    ),
  );

describeGolden("Jina's models", () => {
  describeBackends('against their references', () => {
    it('jina-clip-v1, from texts and images to embeddings', async () => {
      const expected = await expectedRows();
      const files = await clip();
      await expectNoLeak(async () => {
        using space = await open(files);
        expect([space.architecture, space.modalities, space.dim]).toEqual(['jina_clip', ['text', 'image'], 48]);
        const written = await space.embed('text', await texts());
        expectClose(written.data, numbers(expected, 'text_embeds'), 1e-5);
        const shown = await space.embed('image', await pictures());
        expectClose(shown.data, numbers(expected, 'image_embeds'), 1e-5);
        const { ids: mask } = textBatch(expected.get('in.attention_mask')!);
        const batch = { ...textBatch(expected.get('in.input_ids')!), mask };
        const rows = await space.encode('text', batch, { normalize: false });
        expectClose(rows.data, numbers(expected, 'text_embeds_raw'), 1e-5);
        const pixels = imageBatch(expected.get('in.pixel_values')!);
        const raw = await space.encode('image', pixels, { normalize: false });
        expectClose(raw.data, numbers(expected, 'image_embeds_raw'), 1e-5);
      });
    });

    it('jina-embeddings-v2, the same network of texts under other names', async () => {
      const expected = await expectedRows();
      const files = await folder('embeddings_v2', textNames);
      await expectNoLeak(async () => {
        using space = await open(files);
        expect([space.architecture, space.modalities]).toEqual(['sentence-transformers', ['text']]);
        const rows = await space.embed('text', await texts(), { normalize: false });
        expectClose(rows.data, numbers(expected, 'text_embeds_raw'), 1e-5);
      });
    });
  });

  it.each<[string, () => Promise<Files>, 'text' | 'image']>([
    ['twice the heads', async () => clip({}, {}, { num_attention_heads: 12 }), 'text'],
    ['another epsilon', async () => clip({}, {}, { layer_norm_eps: 1e-5 }), 'text'],
    ['places as they are', async () => clip({}, { intp_freq: false }), 'image'],
    ['places scaled to another grid', async () => clip({}, { pt_hw_seq_len: 16 }), 'image'],
    ['twice the heads', async () => clip({}, { head_width: 8 }), 'image'],
  ])('jina-clip-v1 would differ with %s', async (_, changed, modality) => {
    const items = modality === 'text' ? await texts() : await pictures();
    const rows = async (files: Files) => {
      using space = await open(files, { backend: 'cpu' });
      return (await space.embed(modality as 'text', items as string[], { normalize: false })).data;
    };
    const [right, wrong] = [await rows(await clip()), await rows(await changed())];
    expect(Math.max(...right.map((value, i) => Math.abs(value - wrong[i]!)))).toBeGreaterThan(1e-4);
  });

  it.each<[string, Change, Change, Change, string]>([
    ['UNSUPPORTED', { hf_model_name_or_path: 'jinaai/xlm-roberta-flash-implementation' }, {}, {}, 'jina-bert-flash'],
    ['UNSUPPORTED', { pooler_type: 'cls_pooler' }, {}, {}, 'pooler_type'],
    ['UNSUPPORTED', { proj_type: 'mlp' }, {}, {}, 'proj_type'],
    ['UNSUPPORTED', {}, {}, { position_embedding_type: 'absolute' }, 'position_embedding_type'],
    ['UNSUPPORTED', {}, {}, { feed_forward_type: 'reglu' }, 'feed_forward_type'],
    ['UNSUPPORTED', {}, { post_norm: true }, {}, 'post_norm'],
    ['UNSUPPORTED', {}, { subln: false }, {}, 'subln'],
    ['UNSUPPORTED', {}, { ls_init_value: 0.1 }, {}, 'ls_init_value'],
    ['UNSUPPORTED', {}, { embed_dim: 32 }, {}, 'embed_dim'],
    ['CHECKPOINT_MISMATCH', {}, { layers: 3 }, {}, 'blocks'],
    ['CHECKPOINT_MISMATCH', {}, {}, { num_hidden_layers: 1 }, 'layers.1'],
    ['CHECKPOINT_MISMATCH', {}, {}, { intermediate_size: 96 }, 'gated_layers'],
  ])('%s with %j, %j, %j', async (code, text, vision, network, message) => {
    const refusal = { code, message: expect.stringContaining(message) };
    await expect(open(await clip(text, vision, network), { backend: 'cpu' })).rejects.toMatchObject(refusal);
  });

  it('jina-embeddings-v2-base-code, whose perceptron is another, is refused', async () => {
    const files = await folder('embeddings_v2', textNames, (config) => ({ ...config, feed_forward_type: 'reglu' }));
    await expect(open(files, { backend: 'cpu' })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
  });
});
