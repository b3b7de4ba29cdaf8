import { hfTransformerNames, type NameTable, openClipTransformerNames } from '@diptych/nn';

/** transformers: `CLIPModel` and `CLIPTextModelWithProjection`. */
export const hfClipTextNames: NameTable = {
  names: {
    tokens: 'text_model.embeddings.token_embedding.weight',
    positions: 'text_model.embeddings.position_embedding.weight',
    ...hfTransformerNames('text_model.encoder.layers'),
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
    ...openClipTransformerNames('transformer.resblocks'),
    finalNorm: 'ln_final',
    'projection.weight': { asIs: 'text_projection' },
  },
  ignore: ['attn_mask', 'context_length', 'vocab_size'],
};
