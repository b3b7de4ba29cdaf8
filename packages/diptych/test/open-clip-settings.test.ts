import { describeGolden, goldenJson } from '@diptych/golden';
import { expectClose } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { open } from '../src/index.ts';
import { changed, type Json } from './changed-kind.ts';
import cases from './golden/open-clip-cases.json' with { type: 'json' };
import golden from './golden/open-clip.json' with { type: 'json' };
import { pictures } from './zoo/kinds.ts';

type Rows = readonly (readonly number[])[];
type Parts = Readonly<Partial<Record<'model_cfg' | 'text_cfg' | 'vision_cfg' | 'preprocess_cfg', Json>>>;

/** A CLIP of open_clip with a few fields of its configuration changed. */
async function opened(parts: Parts) {
  const config = await goldenJson<{ model_cfg: Record<string, Json>; preprocess_cfg: Json }>(
    'zoo/kinds/openclip-both/open_clip_config.json',
  );
  const { model_cfg: model, preprocess_cfg: preprocess } = config;
  const model_cfg = {
    ...model,
    text_cfg: { ...model['text_cfg'], ...parts.text_cfg },
    vision_cfg: { ...model['vision_cfg'], ...parts.vision_cfg },
    ...parts.model_cfg,
  };
  const preprocess_cfg = { ...preprocess, ...parts.preprocess_cfg };
  return open(changed('openclip-both', { 'open_clip_config.json': { model_cfg, preprocess_cfg } }));
}

const unit = (rows: Rows) => rows.flatMap((row) => row.map((value) => value / Math.hypot(...row)));

describeGolden('settings of open_clip', () => {
  const expected = golden.rows as Readonly<Record<string, { readonly text: Rows; readonly image: Rows }>>;
  for (const { name, ...parts } of cases as readonly (Parts & { readonly name: string })[]) {
    it(`give ${name}, as in Python`, async () => {
      using space = await opened({ ...parts, text_cfg: { ...parts.text_cfg, hf_tokenizer_name: 'local' } });
      const { text, image } = expected[name]!;
      expectClose((await space.embed('text', golden.texts)).data, unit(text), 1e-6);
      expectClose((await space.embed('image', await pictures())).data, unit(image), 1e-6);
    });
  }

  it.each<[string, Parts, string]>([
    ['UNSUPPORTED', { vision_cfg: { pool_type: 'avg' } }, 'vision_cfg: pool_type: expected "tok", got "avg"'],
    ['UNSUPPORTED', { vision_cfg: { ls_init_value: 0.1 } }, 'vision_cfg: ls_init_value'],
    [
      'UNSUPPORTED',
      { vision_cfg: { image_size: [32, 40] } },
      'image_size: expected one side or two alike, got [32,40]',
    ],
    ['CONFIG_INVALID', { vision_cfg: { norm_kwargs: { bias: false } } }, 'norm_kwargs: bias'],
    ['CONFIG_INVALID', { vision_cfg: { stride: 2 } }, 'vision_cfg: stride'],
    ['UNSUPPORTED', { text_cfg: { pool_type: 'first' } }, 'pool_type: first'],
    ['UNSUPPORTED', { vision_cfg: { timm_model_name: 'convnext_base', timm_pool: 'avg' } }, 'timm_pool: expected ""'],
    ['UNSUPPORTED', { vision_cfg: { timm_model_name: 'eva02_base_patch16_clip_224' } }, 'timm_pool: expected "token"'],
    ['UNSUPPORTED', { vision_cfg: { timm_model_name: 'vit_pe_core_base_patch16_224' } }, 'timm_pool: expected "map"'],
    ['UNSUPPORTED', { text_cfg: { qk_norm: true } }, 'text_cfg: qk_norm: expected false, got true'],
    ['UNSUPPORTED', { text_cfg: { proj_type: 'none' } }, 'text_cfg: proj_type: expected "linear", got "none"'],
    ['UNSUPPORTED', { text_cfg: { tokenizer_kwargs: { strip_sep_token: true } } }, 'strip_sep_token: expected false'],
    ['CONFIG_INVALID', { text_cfg: { tokenizer_kwargs: { language: 'de' } } }, 'tokenizer_kwargs: language'],
    ['CONFIG_INVALID', { text_cfg: { tokenizer_kwargs: { clean: 'none' } } }, 'clean: expected one of'],
    ['UNSUPPORTED', { model_cfg: { nonscalar_logit_scale: true } }, 'nonscalar_logit_scale: expected false, got true'],
  ])('are %s where they cannot be obeyed: %j', async (code, parts, message) => {
    await expect(opened(parts)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
