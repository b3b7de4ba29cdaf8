import { encodeSafetensors } from '@diptych/checkpoint';
import type { StoredTensor } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { describeGolden, goldenBytes, goldenJson } from '@diptych/golden';
import { packedNotes } from '@diptych/nn';
import { describeBackends, expectClose, expectNoLeak, readTensors, textBatch } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';

const config = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
const sentence = [
  ...config,
  'special_tokens_map.json',
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
  '1_Pooling/config.json',
];
const dense = (weights: string) => [...sentence, '2_Dense/config.json', `2_Dense/${weights}`];

/** A folder of `oracles2`, with some of its files changed. */
async function folder(
  path: string,
  names: readonly string[],
  changed: Readonly<Record<string, object>> = {},
): Promise<Files> {
  const entries = names.map(async (name) => {
    if (!Object.hasOwn(changed, name))
      return [name, new Blob([await goldenBytes(`oracles2/${path}/${name}`)])] as const;
    const own = await goldenJson<object>(`oracles2/${path}/${name}`);
    return [name, new Blob([JSON.stringify({ ...own, ...changed[name] })])] as const;
  });
  return blobFiles(Object.fromEntries(await Promise.all(entries)), path);
}

/** @param prefix Of the case's tensors in `expected.safetensors` of the family. */
interface Published {
  readonly path: string;
  readonly names: readonly string[];
  readonly prefix?: string;
  readonly dim: number;
}

const published: readonly Published[] = [
  { path: 'distilbert/clip_multilingual', names: dense('model.safetensors'), prefix: 'clip_multilingual.', dim: 16 },
  { path: 'distilbert/distiluse', names: dense('pytorch_model.bin'), prefix: 'distiluse.', dim: 16 },
  { path: 'mpnet', names: sentence, dim: 32 },
  { path: 'xlmr/st', names: sentence, prefix: 'st.', dim: 32 },
  { path: 'modernbert/gte', names: sentence, prefix: 'gte.', dim: 32 },
  { path: 'modernbert/nomic', names: sentence, prefix: 'nomic.', dim: 32 },
  { path: 'nomic_text', names: sentence, dim: 32 },
];

function isUnit(rows: Float32Array, dim: number): boolean {
  return Math.abs(Math.hypot(...rows.subarray(0, dim)) - 1) < 1e-5;
}

const expectedOf = async (path: string) => readTensors(`oracles2/${path.split('/')[0]}/expected.safetensors`);
const textsOf = async (path: string) => {
  const { texts } = await goldenJson<{ texts: string[] }>(`oracles2/${path}/texts.json`);
  return texts;
};

describeGolden('networks of texts', () => {
  describeBackends('against their references', () => {
    it.each(published)('$path, from texts to embeddings', async ({ path, names, prefix = '', dim }) => {
      const files = await folder(path, names);
      const expected = await expectedOf(path);
      const embedding = expected.get(`${prefix}sentence_embedding`)!.data as Float32Array;
      await expectNoLeak(async () => {
        using space = await open(files);
        expect([space.modalities, space.dim]).toEqual([['text'], dim]);
        const rows = await space.embed('text', await textsOf(path), { normalize: false });
        // A Normalize module makes the reference's rows unit rows; ours are not asked for.
        const own = expected.get(`${prefix}${isUnit(embedding, dim) ? 'pooled' : 'sentence_embedding'}`)!.data;
        expectClose(rows.data, own as Float32Array, 1e-5);
        const batch = textBatch(expected.get(`${prefix}in.input_ids`)!);
        const { ids: mask } = textBatch(expected.get(`${prefix}in.attention_mask`)!);
        const encoded = await space.encode('text', { ...batch, mask }, { normalize: false });
        expectClose(encoded.data, rows.data, 1e-5);
      });
    });

    it.each(published)('$path in int16 and int8, nearly the same', async ({ path, names }) => {
      const files = await folder(path, names);
      const texts = await textsOf(path);
      using full = await open(files);
      const expected = await full.embed('text', texts);
      for (const [dtype, least] of [
        ['int16', 0.9999],
        ['int8', 0.99],
      ] as const) {
        using space = await open(files, { dtype });
        const rows = await space.embed('text', texts);
        const cosines = space.similarity(rows, expected);
        const own = texts.map((_, i) => cosines[i * (texts.length + 1)]!);
        expect(Math.min(...own)).toBeGreaterThan(least);
      }
    });
  });

  const bert = { 'config.json': { hidden_act: 'gelu_new' } };
  it.each<[string, Readonly<Record<string, object>>]>([
    ['distilbert/clip_multilingual', { 'config.json': { activation: 'gelu_new' } }],
    ['distilbert/clip_multilingual', { 'config.json': { activation: 'relu' } }],
    ['distilbert/clip_multilingual', { '2_Dense/config.json': { activation_function: 'torch.nn.Tanh' } }],
    ['distilbert/clip_multilingual', { '1_Pooling/config.json': { pooling_mode: 'cls' } }],
    ['distilbert/clip_multilingual', { 'sentence_bert_config.json': { do_lower_case: true } }],
    ['distilbert/distiluse', { '2_Dense/config.json': { activation_function: 'torch.nn.modules.linear.Identity' } }],
    ['mpnet', bert],
    ['mpnet', { 'config.json': { layer_norm_eps: 1e-12 } }],
    ['xlmr/st', bert],
    ['modernbert/gte', { 'config.json': { hidden_activation: 'gelu_new' } }],
    ['modernbert/gte', { 'config.json': { global_rope_theta: 10_000 } }],
    ['modernbert/gte', { 'config.json': { local_rope_theta: 160_000 } }],
    ['modernbert/gte', { 'config.json': { global_attn_every_n_layers: 1 } }],
    ['modernbert/gte', { 'config.json': { local_attention: 32 } }],
    ['modernbert/gte', { 'config.json': { local_attention: 14 } }],
    ['modernbert/gte', { 'config.json': { norm_eps: 1e-12 } }],
    ['nomic_text', { 'config.json': { rotary_emb_interleaved: true } }],
    ['nomic_text', { 'config.json': { rotary_emb_base: 10_000 } }],
    ['nomic_text', { 'config.json': { layer_norm_epsilon: 1e-5 } }],
    ['xlmr/st', { 'config.json': { layer_norm_eps: 1e-12 } }],
    ['xlmr/st', { 'config.json': { pad_token_id: 0 } }],
  ])('%s would differ with %j', async (path, changed) => {
    const { names } = published.find((one) => one.path === path)!;
    using right = await open(await folder(path, names), { backend: 'cpu' });
    using wrong = await open(await folder(path, names, changed), { backend: 'cpu' });
    const rows = async (space: typeof right) => space.embed('text', await textsOf(path), { normalize: false });
    const [expected, got] = [(await rows(right)).data, (await rows(wrong)).data];
    expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i]!)))).toBeGreaterThan(1e-4);
  });

  it.each<[string, string, Readonly<Record<string, object>>]>([
    ['UNSUPPORTED', 'distilbert/distiluse', { '2_Dense/config.json': { activation_function: 'torch.nn.Softsign' } }],
    ['UNSUPPORTED', 'distilbert/distiluse', { '2_Dense/config.json': { module_input_name: 'token_embeddings' } }],
    ['CONFIG_INVALID', 'distilbert/distiluse', { '1_Pooling/config.json': { pooling_mode: ['mean', 'max'] } }],
    ['CONFIG_INVALID', 'distilbert/distiluse', { '2_Dense/config.json': { in_features: 31 } }],
    ['CHECKPOINT_MISMATCH', 'distilbert/distiluse', { '2_Dense/config.json': { out_features: 15 } }],
    ['CHECKPOINT_MISMATCH', 'distilbert/distiluse', { '2_Dense/config.json': { bias: false } }],
    ['CHECKPOINT_MISMATCH', 'distilbert/clip_multilingual', { '2_Dense/config.json': { bias: true } }],
    ['CHECKPOINT_MISMATCH', 'distilbert/distiluse', { 'config.json': { n_layers: 1 } }],
    ['CHECKPOINT_MISMATCH', 'mpnet', { 'config.json': { relative_attention_num_buckets: 16 } }],
    ['UNSUPPORTED', 'modernbert/gte', { 'config.json': { attention_bias: true } }],
    [
      'UNSUPPORTED',
      'modernbert/gte',
      { 'config.json': { rope_parameters: { full_attention: { rope_type: 'yarn' } } } },
    ],
    ['CONFIG_INVALID', 'modernbert/gte', { 'config.json': { layer_types: ['full_attention'] } }],
    ['UNSUPPORTED', 'nomic_text', { 'config.json': { activation_function: 'gelu' } }],
    ['UNSUPPORTED', 'nomic_text', { 'config.json': { prenorm: true } }],
    ['UNSUPPORTED', 'nomic_text', { 'config.json': { rotary_scaling_factor: 2 } }],
    ['UNSUPPORTED', 'mpnet', { 'config.json': { pad_token_id: 0 } }],
    ['CHECKPOINT_MISMATCH', 'xlmr/st', { 'config.json': { type_vocab_size: 2 } }],
  ])('%s: %s with %j', async (code, path, changed) => {
    const { names } = published.find((one) => one.path === path)!;
    await expect(open(await folder(path, names, changed), { backend: 'cpu' })).rejects.toMatchObject({ code });
  });

  it("ModernBERT's layers as transformers 5 names them are the same", async () => {
    const five = {
      layer_types: [0, 1, 2, 3, 4].map((i) => (i % 3 === 0 ? 'full_attention' : 'sliding_attention')),
      rope_parameters: {
        full_attention: { rope_type: 'default', rope_theta: 160_000 },
        sliding_attention: { rope_type: 'default', rope_theta: 10_000 },
      },
      global_attn_every_n_layers: 4,
      global_rope_theta: 1,
      local_rope_theta: 1,
    };
    using space = await open(await folder('modernbert/gte', sentence, { 'config.json': five }), { backend: 'cpu' });
    const { data } = await space.embed('text', await textsOf('modernbert/gte'), { normalize: false });
    const expected = await expectedOf('modernbert');
    expectClose(data, expected.get('gte.sentence_embedding')!.data as Float32Array, 1e-5);
  });

  it("ModernBERT's prompts are in its files", async () => {
    using space = await open(await folder('modernbert/nomic', sentence), { backend: 'cpu' });
    const { data } = await space.embed('text', await textsOf('modernbert/nomic'), { prompt: 'query' });
    const expected = await expectedOf('modernbert');
    expectClose(data, expected.get('nomic.sentence_embedding_query')!.data as Float32Array, 1e-5);
  });

  it('a packed file of weights has those of the layer behind the network', async () => {
    const { path, names } = published[1]!;
    const files = await folder(path, names);
    const packed = new Map<string, StoredTensor>();
    using space = await open(files, {
      dtype: 'int16',
      backend: 'wasm',
      onPacked: (name, tensor) => packed.set(name, tensor),
    });
    const without = names.filter((name) => name !== '2_Dense/pytorch_model.bin' && name !== 'model.safetensors');
    const described = await Promise.all(
      without.map(async (name) => [name, new Blob([await goldenBytes(`oracles2/${path}/${name}`)])] as const),
    );
    const weights = new Blob([encodeSafetensors(packed, packedNotes('int16'))]);
    const converted = blobFiles({ ...Object.fromEntries(described), 'model.safetensors': weights }, 'converted');
    using again = await open(converted, { backend: 'wasm' });
    const texts = await textsOf(path);
    expectClose((await again.embed('text', texts)).data, (await space.embed('text', texts)).data, 0);
  });
});

/** A prompt by its name, or as it is; without one the model's own. */
const prompted: Readonly<Record<string, readonly (readonly [tensor: string, prompt?: string])[]>> = {
  e5: [
    ['no_argument'],
    ['prompt_name.query', 'query'],
    ['prompt_name.passage', 'passage'],
    ['prompt_name.document', 'document'],
    ['prompt_name.none', 'none'],
    ['prompt.free', 'the capital of '],
    ['prompt.empty', ''],
  ],
  default_prompt: [
    ['no_argument'],
    ['prompt_name.query', 'query'],
    ['prompt_name.passage', 'passage'],
    ['prompt.empty', ''],
  ],
  prompt_not_pooled: [['no_argument'], ['prompt_name.query', 'query'], ['prompt_name.document', 'document']],
  cls_query_only: [['no_argument'], ['prompt_name.query', 'query'], ['prompt.free', 'the capital of ']],
};

describeGolden('prompts of a model', () => {
  describeBackends('against their reference', () => {
    it.each(Object.entries(prompted))('%s', async (name, cases) => {
      using space = await open(await folder(`prompts/${name}`, sentence));
      const { texts } = await goldenJson<{ texts: string[] }>('oracles2/prompts/prompts.json');
      const expected = await expectedOf('prompts');
      for (const [tensor, prompt] of cases) {
        const { data } = await space.embed('text', texts, prompt === undefined ? {} : { prompt });
        expectClose(data, expected.get(`${name}.${tensor}`)!.data as Float32Array, 1e-5);
      }
    });
  });
});
