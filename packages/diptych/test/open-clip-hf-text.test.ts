import { configReader } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { parameters } from '@diptych/nn';
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
import { planSpec } from '../src/model-plan.ts';
import { openClipPlan } from '../src/open-clip/open-clip.ts';

type Kind = 'linear' | 'mlp';
type Changed = Readonly<Record<string, unknown>>;

/** A model of the oracle with its network's configuration in a folder, with fields changed. */
async function folder(
  kind: Kind,
  { text = {}, network = {} }: { text?: Changed; network?: Changed } = {},
): Promise<Files> {
  const at = `oracles2/xlmr/open_clip_${kind}`;
  const bytes = async (path: string) => new Blob([await goldenBytes(path)]);
  const json = (content: object) => new Blob([JSON.stringify(content)]);
  const config = await goldenJson<{ model_cfg: { text_cfg: object } }>(`${at}/open_clip_config.json`);
  const text_cfg = { ...config.model_cfg.text_cfg, hf_model_name: './text', ...text };
  const own = await goldenJson<object>(`${at}/hf_text_config.json`);
  return blobFiles(
    {
      'open_clip_config.json': json({ ...config, model_cfg: { ...config.model_cfg, text_cfg } }),
      'open_clip_model.safetensors': await bytes(`${at}/open_clip_model.safetensors`),
      'text/config.json': json({ ...own, ...network }),
      'tokenizer.json': await bytes('oracles2/xlmr/st/tokenizer.json'),
      'tokenizer_config.json': await bytes('oracles2/xlmr/st/tokenizer_config.json'),
      'special_tokens_map.json': await bytes('oracles2/xlmr/st/special_tokens_map.json'),
    },
    kind,
  );
}

const reference = async () => readTensors('oracles2/xlmr/expected.safetensors');
const textsOf = async () => (await goldenJson<{ texts: string[] }>('oracles2/xlmr/st/texts.json')).texts;

describeGolden("open_clip's towers of transformers", () => {
  describeBackends('against open_clip', () => {
    it.each<Kind>(['linear', 'mlp'])('%s gives its rows, whatever the mask says of padding', async (kind) => {
      const expected = await reference();
      const [texts, images] = ['text', 'image'].map((tower) =>
        numbers(expected, `open_clip_${kind}.${tower}_embeds_raw`),
      );
      await expectNoLeak(async () => {
        using space = await open(await folder(kind));
        expect([space.architecture, space.modalities, space.dim]).toEqual(['open_clip', ['text', 'image'], 24]);
        const pixels = imageBatch(expected.get('in.pixel_values')!);
        expectClose((await space.encode('image', pixels, { normalize: false })).data, images!, 1e-5);
        const batch = textBatch(expected.get('st.in.input_ids')!);
        expectClose((await space.encode('text', batch, { normalize: false })).data, texts!, 1e-5);
        const read = await space.embed('text', await textsOf(), { normalize: false });
        expectClose(read.data, texts!, 1e-5);
      });
    });
  });

  it.each<[Kind, Parameters<typeof folder>[1]]>([
    ['mlp', { network: { hidden_act: 'gelu_new' } }],
    ['mlp', { network: { layer_norm_eps: 1e-12 } }],
    ['mlp', { network: { pad_token_id: 0 } }],
    ['linear', { network: { num_attention_heads: 2 } }],
  ])('%s would differ with %j', async (kind, changed) => {
    using right = await open(await folder(kind), { backend: 'cpu' });
    using wrong = await open(await folder(kind, changed), { backend: 'cpu' });
    const batch = textBatch((await reference()).get('st.in.input_ids')!);
    const expected = await right.encode('text', batch, { normalize: false });
    const { data } = await wrong.encode('text', batch, { normalize: false });
    expect(Math.max(...data.map((value, i) => Math.abs(value - expected.data[i]!)))).toBeGreaterThan(1e-4);
  });

  it.each<[string, Kind, Parameters<typeof folder>[1]]>([
    ['UNSUPPORTED', 'mlp', { text: { hf_pooler_type: 'cls_pooler' } }],
    ['UNSUPPORTED', 'mlp', { text: { hf_pooler_type: undefined, pooler_type: 'max_pooler' } }],
    ['UNSUPPORTED', 'mlp', { text: { hf_proj_type: null } }],
    ['UNSUPPORTED', 'mlp', { text: { hf_model_name: 'roberta-base' } }],
    ['UNSUPPORTED', 'mlp', { network: { model_type: 'mt5' } }],
    ['UNSUPPORTED', 'mlp', { network: { position_embedding_type: 'relative_key' } }],
    ['CHECKPOINT_MISMATCH', 'mlp', { text: { hf_proj_type: 'linear' } }],
    ['CHECKPOINT_MISMATCH', 'linear', { text: { hf_proj_type: undefined } }],
    ['CHECKPOINT_MISMATCH', 'linear', { text: { hf_model_name: 'xlm-roberta-base' } }],
    ['CHECKPOINT_MISMATCH', 'linear', { network: { num_hidden_layers: 1 } }],
    ['CONFIG_INVALID', 'linear', { text: { hf_model_names: 'xlm-roberta-base' } }],
  ])('%s: %s with %j', async (code, kind, changed) => {
    await expect(open(await folder(kind, changed), { backend: 'cpu' })).rejects.toMatchObject({ code });
  });

  it('the older spelling of its fields is read', async () => {
    const text = { hf_proj_type: undefined, hf_pooler_type: undefined, proj: 'linear', pooler_type: 'mean_pooler' };
    using space = await open(await folder('linear', { text }), { backend: 'cpu' });
    const { data } = await space.embed('text', await textsOf());
    expectClose(data, numbers(await reference(), 'open_clip_linear.text_embeds'), 1e-5);
  });
});

it.each([
  ['xlm-roberta-base', 512, 278_272_256],
  ['FacebookAI/xlm-roberta-large', 1024, 560_937_984],
])('%s has the size that is published', async (name, dim, count) => {
  const text_cfg = { hf_model_name: name, hf_tokenizer_name: name };
  const config = configReader({ embed_dim: dim, vision_cfg: {}, text_cfg }, 'it');
  const { text } = planSpec(await openClipPlan(config, {}, blobFiles({}, 'it')));
  const sizes = [...parameters(text!)].map(([, { shape }]) => shape.reduce((a, b) => a * b, 1));
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(count);
});
