import type { NameTable } from '@diptych/nn';

/** transformers: `CLIPModel` and `CLIPTextModelWithProjection`. */
export const hfClipTextNames: NameTable = {
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
    projection: 'text_projection',
  },
  ignore: ['text_model.embeddings.position_ids'],
};

/** OpenAI and open_clip, whose projection is `[width, dim]`. */
export const openClipTextNames: NameTable = {
  names: {
    tokens: 'token_embedding.weight',
    positions: 'positional_embedding',
    'blocks.*.norm1': 'transformer.resblocks.*.ln_1',
    'blocks.*.attention.inProj.weight': 'transformer.resblocks.*.attn.in_proj_weight',
    'blocks.*.attention.inProj.bias': 'transformer.resblocks.*.attn.in_proj_bias',
    'blocks.*.attention.outProj': 'transformer.resblocks.*.attn.out_proj',
    'blocks.*.norm2': 'transformer.resblocks.*.ln_2',
    'blocks.*.mlp.fc1': 'transformer.resblocks.*.mlp.c_fc',
    'blocks.*.mlp.fc2': 'transformer.resblocks.*.mlp.c_proj',
    finalNorm: 'ln_final',
    'projection.weight': { asIs: 'text_projection' },
  },
  ignore: ['attn_mask', 'context_length', 'vocab_size'],
};
