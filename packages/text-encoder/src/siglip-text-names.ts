import { hfTransformerNames, type NameTable, openClipTransformerNames } from '@diptych/nn';

/** transformers: `SiglipModel`. */
export const hfSiglipTextNames: NameTable = {
  names: {
    tokens: 'text_model.embeddings.token_embedding.weight',
    positions: 'text_model.embeddings.position_embedding.weight',
    ...hfTransformerNames('text_model.encoder.layers'),
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
    ...openClipTransformerNames('text.transformer.resblocks'),
    finalNorm: 'text.ln_final',
    head: 'text.text_projection',
  },
};
