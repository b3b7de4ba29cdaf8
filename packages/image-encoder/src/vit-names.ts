import type { NameTable } from '@diptych/nn';

/** transformers: `CLIPModel` and `CLIPVisionModelWithProjection`; the spelling of `pre_layrnorm` is theirs. */
export const hfClipVisionNames: NameTable = {
  names: {
    patchEmbedding: 'vision_model.embeddings.patch_embedding',
    classToken: 'vision_model.embeddings.class_embedding',
    positions: 'vision_model.embeddings.position_embedding.weight',
    preNorm: 'vision_model.pre_layrnorm',
    'blocks.*.norm1': 'vision_model.encoder.layers.*.layer_norm1',
    'blocks.*.attention.inProj': [
      'vision_model.encoder.layers.*.self_attn.q_proj',
      'vision_model.encoder.layers.*.self_attn.k_proj',
      'vision_model.encoder.layers.*.self_attn.v_proj',
    ],
    'blocks.*.attention.outProj': 'vision_model.encoder.layers.*.self_attn.out_proj',
    'blocks.*.norm2': 'vision_model.encoder.layers.*.layer_norm2',
    'blocks.*.mlp': 'vision_model.encoder.layers.*.mlp',
    postNorm: 'vision_model.post_layernorm',
    projection: 'visual_projection',
  },
  ignore: ['vision_model.embeddings.position_ids'],
};

/** OpenAI and open_clip, whose projection is `[width, dim]`. */
export const openClipVisionNames: NameTable = {
  names: {
    patchEmbedding: 'visual.conv1',
    classToken: 'visual.class_embedding',
    positions: 'visual.positional_embedding',
    preNorm: 'visual.ln_pre',
    'blocks.*.norm1': 'visual.transformer.resblocks.*.ln_1',
    'blocks.*.attention.inProj.weight': 'visual.transformer.resblocks.*.attn.in_proj_weight',
    'blocks.*.attention.inProj.bias': 'visual.transformer.resblocks.*.attn.in_proj_bias',
    'blocks.*.attention.outProj': 'visual.transformer.resblocks.*.attn.out_proj',
    'blocks.*.norm2': 'visual.transformer.resblocks.*.ln_2',
    'blocks.*.mlp.fc1': 'visual.transformer.resblocks.*.mlp.c_fc',
    'blocks.*.mlp.fc2': 'visual.transformer.resblocks.*.mlp.c_proj',
    postNorm: 'visual.ln_post',
    'projection.weight': { asIs: 'visual.proj' },
  },
  ignore: ['input_resolution'],
};
