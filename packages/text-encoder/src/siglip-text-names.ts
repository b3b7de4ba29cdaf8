import type { NameTable } from '@diptych/nn';

/** transformers: `SiglipModel`. */
export const hfSiglipTextNames: NameTable = {
  names: {
    tokens: 'text_model.embeddings.token_embedding.weight',
    positions: 'text_model.embeddings.position_embedding.weight',
    'blocks.*.norm1': 'text_model.encoder.layers.*.layer_norm1',
    'blocks.*.attention.inProj': [
      'text_model.encoder.layers.*.self_attn.q_proj',
      'text_model.encoder.layers.*.self_attn.k_proj',
      'text_model.encoder.layers.*.self_attn.v_proj',
    ],
    'blocks.*.attention.outProj': 'text_model.encoder.layers.*.self_attn.out_proj',
    'blocks.*.norm2': 'text_model.encoder.layers.*.layer_norm2',
    'blocks.*.mlp': 'text_model.encoder.layers.*.mlp',
    finalNorm: 'text_model.final_layer_norm',
    head: 'text_model.head',
  },
  ignore: ['text_model.embeddings.position_ids'],
};

/** open_clip's `CustomTextCLIP`. */
export const openClipSiglipTextNames: NameTable = {
  names: {
    tokens: 'text.token_embedding.weight',
    positions: 'text.positional_embedding',
    'blocks.*.norm1': 'text.transformer.resblocks.*.ln_1',
    'blocks.*.attention.inProj.weight': 'text.transformer.resblocks.*.attn.in_proj_weight',
    'blocks.*.attention.inProj.bias': 'text.transformer.resblocks.*.attn.in_proj_bias',
    'blocks.*.attention.outProj': 'text.transformer.resblocks.*.attn.out_proj',
    'blocks.*.norm2': 'text.transformer.resblocks.*.ln_2',
    'blocks.*.mlp.fc1': 'text.transformer.resblocks.*.mlp.c_fc',
    'blocks.*.mlp.fc2': 'text.transformer.resblocks.*.mlp.c_proj',
    finalNorm: 'text.ln_final',
    head: 'text.text_projection',
  },
};
