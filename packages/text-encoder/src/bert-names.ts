import type { NameTable } from '@diptych/nn';

/** transformers: `BertModel` and sentence-transformers' copies of it. The pooler is left: embeddings do not use it. */
export const hfBertNames: NameTable = bertNames('');

/** Files of 2018 and 2019, which call the weight and bias of a layer norm gamma and beta. */
export const hfLegacyBertNames: NameTable = {
  ...hfBertNames,
  names: Object.fromEntries(
    Object.entries(hfBertNames.names).flatMap(([path, source]) =>
      typeof source === 'string' && source.endsWith('LayerNorm')
        ? [
            [`${path}.weight`, `${source}.gamma`],
            [`${path}.bias`, `${source}.beta`],
          ]
        : [[path, source]],
    ),
  ),
};

/** transformers: `DistilBertModel`. */
export const hfDistilBertNames: NameTable = {
  names: {
    tokens: 'embeddings.word_embeddings.weight',
    positions: 'embeddings.position_embeddings.weight',
    norm: 'embeddings.LayerNorm',
    'blocks.*.attention.inProj': ['q_lin', 'k_lin', 'v_lin'].map((name) => `transformer.layer.*.attention.${name}`),
    'blocks.*.attention.outProj': 'transformer.layer.*.attention.out_lin',
    'blocks.*.norm1': 'transformer.layer.*.sa_layer_norm',
    'blocks.*.mlp.fc1': 'transformer.layer.*.ffn.lin1',
    'blocks.*.mlp.fc2': 'transformer.layer.*.ffn.lin2',
    'blocks.*.norm2': 'transformer.layer.*.output_layer_norm',
  },
  ignore: ['embeddings.position_ids'],
};

/** transformers: `MPNetModel`. The pooler is left, as that of BERT. */
export const hfMpnetNames: NameTable = {
  ...hfBertNames,
  names: {
    ...hfBertNames.names,
    relative: 'encoder.relative_attention_bias.weight',
    'blocks.*.attention.inProj': ['q', 'k', 'v'].map((name) => `encoder.layer.*.attention.attn.${name}`),
    'blocks.*.attention.outProj': 'encoder.layer.*.attention.attn.o',
    'blocks.*.norm1': 'encoder.layer.*.attention.LayerNorm',
  },
};

/** `BertModel`'s names behind a prefix, as in `text_model.`. */
export function bertNames(prefix: string): NameTable {
  const layer = `${prefix}encoder.layer.*`;
  return {
    names: {
      tokens: `${prefix}embeddings.word_embeddings.weight`,
      positions: `${prefix}embeddings.position_embeddings.weight`,
      types: `${prefix}embeddings.token_type_embeddings.weight`,
      norm: `${prefix}embeddings.LayerNorm`,
      'blocks.*.attention.inProj': ['query', 'key', 'value'].map((name) => `${layer}.attention.self.${name}`),
      'blocks.*.attention.outProj': `${layer}.attention.output.dense`,
      'blocks.*.norm1': `${layer}.attention.output.LayerNorm`,
      'blocks.*.mlp.fc1': `${layer}.intermediate.dense`,
      'blocks.*.mlp.fc2': `${layer}.output.dense`,
      'blocks.*.norm2': `${layer}.output.LayerNorm`,
    },
    ignore: [
      `${prefix}embeddings.position_ids`,
      `${prefix}embeddings.token_type_ids`,
      `${prefix}pooler.dense.weight`,
      `${prefix}pooler.dense.bias`,
    ],
  };
}
