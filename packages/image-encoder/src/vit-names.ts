import { hfTransformerNames, type NameTable, openClipTransformerNames } from '@diptych/nn';

/** transformers: `CLIPModel` and `CLIPVisionModelWithProjection`; the spelling of `pre_layrnorm` is theirs. */
export const hfClipVisionNames: NameTable = {
  names: {
    patchEmbedding: 'vision_model.embeddings.patch_embedding',
    classToken: 'vision_model.embeddings.class_embedding',
    positions: 'vision_model.embeddings.position_embedding.weight',
    preNorm: 'vision_model.pre_layrnorm',
    ...hfTransformerNames('vision_model.encoder.layers'),
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
    ...openClipTransformerNames('visual.transformer.resblocks'),
    postNorm: 'visual.ln_post',
    'projection.weight': { asIs: 'visual.proj' },
  },
  ignore: ['input_resolution'],
};

/** open_clip with timm's `vit_*_clip_*`, whose projection has a bias. */
export const openClipTimmVitNames: NameTable = {
  names: {
    patchEmbedding: 'visual.trunk.patch_embed.proj',
    classToken: 'visual.trunk.cls_token',
    positions: 'visual.trunk.pos_embed',
    preNorm: 'visual.trunk.norm_pre',
    'blocks.*': 'visual.trunk.blocks.*',
    'blocks.*.attention.inProj': 'visual.trunk.blocks.*.attn.qkv',
    'blocks.*.attention.outProj': 'visual.trunk.blocks.*.attn.proj',
    postNorm: 'visual.trunk.norm',
    projection: 'visual.trunk.head',
  },
};
