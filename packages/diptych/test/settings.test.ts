import { describeGolden, goldenBytes } from '@diptych/golden';
import { expectClose } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';
import { changed, type Json } from './changed-kind.ts';
import cases from './golden/settings-cases.json' with { type: 'json' };
import golden from './golden/settings.json' with { type: 'json' };
import { merged } from './merged.ts';

describeGolden('settings of sentence-transformers', () => {
  const rowsOf = golden.rows as Readonly<Record<string, readonly (readonly number[])[]>>;
  for (const { name, kind, files, prompt } of cases as readonly (Case & { readonly name: string })[]) {
    it(`give ${name}, as in Python`, async () => {
      using space = await open(changed(kind, files ?? {}));
      const { data, shape } = await space.embed('text', golden.texts, prompt === undefined ? {} : { prompt });
      const rows = rowsOf[name]!;
      expect(shape).toEqual([golden.texts.length, rows[0]!.length]);
      expect(space.dim).toBe(rows[0]!.length);
      expectClose(
        data,
        rows.flatMap((row) => row.map((value) => value / Math.hypot(...row))),
        1e-6,
      );
    });
  }
});

describeGolden('settings that cannot be obeyed', () => {
  it.each<[string, string, Json, string]>([
    ['UNSUPPORTED', 'config_sentence_transformers.json', { similarity_fn_name: 'euclidean' }, 'similarity_fn_name'],
    ['UNSUPPORTED', 'config_sentence_transformers.json', { model_type: 'CrossEncoder' }, 'model_type'],
    ['CONFIG_INVALID', 'config_sentence_transformers.json', { default_prompt_name: 'query' }, 'default_prompt_name'],
    ['CONFIG_INVALID', 'config_sentence_transformers.json', { prompts: { query: 7 } }, 'prompts: query'],
    ['CONFIG_INVALID', 'config_sentence_transformers.json', { truncate_dim: -1 }, 'truncate_dim'],
    ['UNSUPPORTED', 'tokenizer_config.json', { padding_side: 'left' }, 'padding_side'],
    ['UNSUPPORTED', 'tokenizer_config.json', { truncation_side: 'left' }, 'truncation_side'],
    ['UNSUPPORTED', '1_Pooling/config.json', { pooling_mode: ['cls', 'median'] }, 'pooling_mode'],
    ['UNSUPPORTED', '1_Pooling/config.json', { pooling_mode: [] }, 'pooling_mode'],
    ['CONFIG_INVALID', 'sentence_bert_config.json', { max_seq_length: 0.5 }, 'max_seq_length'],
  ])('are %s in %s: %j', async (code, path, json, named) => {
    const call = open(changed('st-minilm', { [path]: json }));
    await expect(call).rejects.toMatchObject({ code, message: expect.stringContaining(`st-minilm/${path}`) });
    await expect(call).rejects.toThrow(named);
  });

  it('are told by the name that their file has', async () => {
    const files = { 'sentence_bert_config.json': {}, 'sentence_roberta_config.json': { max_seq_length: 0.5 } };
    const message = expect.stringContaining('st-minilm/sentence_roberta_config.json: max_seq_length');
    await expect(open(changed('st-minilm', files))).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
  });

  it.each<[string, string, Json, number]>([
    ['st-minilm', 'config.json', { vocab_size: 140 }, 149],
    ['clip-hf-metaclip', 'vocab.json', { extra: 700 }, 701],
    ['siglip2-hf', 'tokenizer.json', { model: { vocab: { extra: 400 } } }, 401],
    ['openclip-custom-text', 'tokenizer.json', { model: { vocab: { extra: 800 } } }, 801],
  ])('of %s in %s with more tokens than the network knows are CONFIG_INVALID: %j', async (kind, path, json, got) => {
    const whole = JSON.parse(new TextDecoder().decode(await goldenBytes(`zoo/kinds/${kind}/${path}`))) as Json;
    const message = expect.stringMatching(new RegExp(`^tokenizer: expected at most the \\d+ tokens .* got ${got}$`));
    const call = open(changed(kind, { [path]: merged(whole, json) }));
    await expect(call).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
  });

  it.each([
    ['clip-hf-2022-dict', { crop_size: 30_000 }],
    ['clip-hf-2022-dict', { crop_size: { height: 33, width: 32 } }],
    ['siglip-hf', { image_processor_type: 'SiglipImageProcessor', size: { height: 30_000, width: 30_000 } }],
    ['siglip-hf', { image_processor_type: 'SiglipImageProcessor', size: { height: 513, width: 32 } }],
  ])('are CONFIG_INVALID where %s would be given larger images than it takes: %j', async (kind, json) => {
    await expect(open(changed(kind, { 'preprocessor_config.json': json }))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('size'),
    });
  });

  it('are refused where the last position of a text of full length is read', async () => {
    const call = open(changed('siglip-hf', { 'tokenizer_config.json': { model_max_length: 16 } }));
    await expect(call).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('model_max_length'),
    });
  });
});

describeGolden('a prompt', () => {
  it('that is one word has to be a name, so that a slip is not embedded', async () => {
    using space = await open(changed('st-prompts', {}));
    const call = space.embed('text', ['a'], { prompt: 'qurey' });
    await expect(call).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: "prompt: expected one of 'query', 'document' or a text as 'query: ', got \"qurey\"",
    });
  });

  it('is for texts alone, and makes no text of what is none', async () => {
    using space = await open(changed('st-clip-2021', {}));
    const failing = expect.objectContaining({ name: 'EmbeddingError', code: 'INPUT_INVALID' });
    await expect(space.embed('image', [], { prompt: 'a: ' })).rejects.toEqual(failing);
    const items = JSON.parse('[null]') as string[];
    await expect(space.embed('text', items, { prompt: 'a: ' })).rejects.toEqual(failing);
  });
});

interface Case {
  readonly kind: string;
  readonly files?: Readonly<Record<string, Json>>;
  readonly prompt?: string;
}
