import { type ConfigReader, EmbeddingError, type NeutralValues, quote, refuseSettings } from '@diptych/core';

/** What the blocks of both towers may be made of beside the plain ones. */
const blocks: NeutralValues = {
  block_type: ['default'],
  ls_init_value: [],
  qk_norm: [false],
  scale_attn: [false],
  scale_attn_inner: [false],
  scale_fc: [false],
  scale_heads: [false],
  scaled_cosine_attn: [false],
};

const model: NeutralValues = { multimodal_cfg: [], nonscalar_logit_scale: [false] };
const vision: NeutralValues = {
  ...blocks,
  attentional_pool: [false],
  no_ln_pre: [false],
  pool_type: ['tok'],
  pos_embed_type: ['learnable'],
};
const text: NeutralValues = { ...blocks, embed_cls: [false], proj_type: ['linear'], tokenizer_mode: [] };

/** Fields that are obeyed, and fields of training and of what else a tower could give, which move no embedding. */
const read = {
  model: [
    'embed_dim',
    'vision_cfg',
    'text_cfg',
    'quick_gelu',
    'custom_text',
    'init_logit_bias',
    'init_logit_scale',
    'cast_dtype',
    'output_dict',
  ],
  vision: [
    'layers',
    'width',
    'head_width',
    'mlp_ratio',
    'patch_size',
    'image_size',
    'act_kwargs',
    'norm_kwargs',
    'final_ln_after_pool',
    'timm_model_name',
    'timm_pool',
    'timm_proj',
    'timm_proj_bias',
    'timm_model_pretrained',
    'timm_drop',
    'timm_drop_path',
    'patch_dropout',
    'output_tokens',
    'attn_pooler_queries',
    'attn_pooler_heads',
  ],
  text: [
    'context_length',
    'vocab_size',
    'width',
    'heads',
    'layers',
    'mlp_ratio',
    'no_causal_mask',
    'pool_type',
    'proj_bias',
    'act_kwargs',
    'norm_kwargs',
    'tokenizer_kwargs',
    'eos_id',
    'pad_id',
    'final_ln_after_pool',
    'hf_model_name',
    'hf_tokenizer_name',
    'hf_model_pretrained',
    'hf_proj_type',
    'hf_pooler_type',
    'proj',
    'pooler_type',
    'output_tokens',
  ],
} as const;

/**
 * Refuses what open_clip would do otherwise, and fields that it does not know, as it does itself.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a value that is not obeyed, `CONFIG_INVALID` for an unknown field.
 */
export function checkOpenClipSettings(config: ConfigReader): void {
  check(config.object('vision_cfg'), vision, read.vision);
  check(config.object('text_cfg'), text, read.text);
  check(config, model, read.model);
}

function check(config: ConfigReader, neutral: NeutralValues, fields: readonly string[]): void {
  refuseSettings(config, neutral);
  config.only(...fields, ...Object.keys(neutral));
}

/**
 * Refuses another end of a network of timm than the one that its weights are for.
 *
 * @param pool `timm_pool`.
 * @param proj `timm_proj`: with `none` there is no projection, with null or an empty name timm's own head is the last layer.
 */
export function checkTimmHead(image: ConfigReader, pool: string, proj: readonly (string | null)[]): void {
  refuseSettings(image, { timm_proj_bias: [false] });
  expectOne(image, 'timm_pool', image.value('timm_pool') ?? 'avg', [pool]);
  const given = image.value('timm_proj');
  expectOne(image, 'timm_proj', given === undefined ? 'linear' : given, proj);
}

function expectOne(image: ConfigReader, field: string, got: unknown, expected: readonly unknown[]): void {
  if (expected.includes(got)) return;
  const known = expected.map(quote).join(' or ');
  throw new EmbeddingError('UNSUPPORTED', { where: `${image.where}: ${field}`, expected: known, got: quote(got) });
}
