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
