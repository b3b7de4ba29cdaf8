import { hfTransformerNames, type NameTable } from '@diptych/nn';

/** transformers: `SiglipModel`. */
export const hfSiglipVisionNames: NameTable = {
  names: {
    patchEmbedding: 'vision_model.embeddings.patch_embedding',
    positions: 'vision_model.embeddings.position_embedding.weight',
    ...hfTransformerNames('vision_model.encoder.layers'),
    postNorm: 'vision_model.post_layernorm',
    'head.probe': 'vision_model.head.probe',
    'head.attention.inProj.weight': 'vision_model.head.attention.in_proj_weight',
    'head.attention.inProj.bias': 'vision_model.head.attention.in_proj_bias',
    'head.attention.outProj': 'vision_model.head.attention.out_proj',
    'head.norm': 'vision_model.head.layernorm',
    'head.mlp': 'vision_model.head.mlp',
  },
  ignore: ['vision_model.embeddings.position_ids'],
};

/** open_clip with timm's `vit_*_siglip_*`. */
export const openClipSiglipVisionNames: NameTable = {
  names: {
    patchEmbedding: 'visual.trunk.patch_embed.proj',
    positions: 'visual.trunk.pos_embed',
    'blocks.*': 'visual.trunk.blocks.*',
    'blocks.*.attention.inProj': 'visual.trunk.blocks.*.attn.qkv',
    'blocks.*.attention.outProj': 'visual.trunk.blocks.*.attn.proj',
    postNorm: 'visual.trunk.norm',
    'head.probe': 'visual.trunk.attn_pool.latent',
    'head.attention.inProj': ['visual.trunk.attn_pool.q', 'visual.trunk.attn_pool.kv'],
    'head.attention.outProj': 'visual.trunk.attn_pool.proj',
    'head.norm': 'visual.trunk.attn_pool.norm',
    'head.mlp': 'visual.trunk.attn_pool.mlp',
  },
};
