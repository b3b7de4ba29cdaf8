import type { NameTable } from './name-table.ts';

/** Blocks as transformers names those of CLIP and SigLIP, below `layers`, as `text_model.encoder.layers`. */
export function hfTransformerNames(layers: string): NameTable['names'] {
  return {
    'blocks.*.norm1': `${layers}.*.layer_norm1`,
    'blocks.*.attention.inProj': ['q_proj', 'k_proj', 'v_proj'].map((name) => `${layers}.*.self_attn.${name}`),
    'blocks.*.attention.outProj': `${layers}.*.self_attn.out_proj`,
    'blocks.*.norm2': `${layers}.*.layer_norm2`,
    'blocks.*.mlp': `${layers}.*.mlp`,
  };
}

/** Blocks as OpenAI and open_clip name them, below `blocks`, as `transformer.resblocks`. */
export function openClipTransformerNames(blocks: string): NameTable['names'] {
  return {
    'blocks.*.norm1': `${blocks}.*.ln_1`,
    'blocks.*.attention.inProj.weight': `${blocks}.*.attn.in_proj_weight`,
    'blocks.*.attention.inProj.bias': `${blocks}.*.attn.in_proj_bias`,
    'blocks.*.attention.outProj': `${blocks}.*.attn.out_proj`,
    'blocks.*.norm2': `${blocks}.*.ln_2`,
    'blocks.*.mlp.fc1': `${blocks}.*.mlp.c_fc`,
    'blocks.*.mlp.fc2': `${blocks}.*.mlp.c_proj`,
  };
}
