import { type Block, layerNorm, mlp, type NameTable, selfAttention } from '@diptych/nn';
import { add } from '@tensorflow/tfjs-core';

/** `x + MLP(norm2(attention(norm1 x)))`: one residual around both, where CLIP has one around each. */
export const miraBlock: Block = (params, x, options) => {
  const attended = selfAttention(params.attention, layerNorm(params.norm1, x, options.layerNormEpsilon), options);
  return add(x, mlp(params.mlp, layerNorm(params.norm2, attended, options.layerNormEpsilon), options.activation));
};

/** Every head keeps its queries, keys and values in arrays of their own; stacked, they are `inProj`. */
export function miraBlockNames(tower: string, heads: number): NameTable['names'] {
  const block = `${tower}.transformer_encoder.*`;
  const stacked = ['query', 'key', 'value'].flatMap((role) =>
    Array.from({ length: heads }, (_, head) => `${block}.mha.multi_head.${head}.${role}`),
  );
  return {
    'blocks.*.norm1': `${block}.ln1`,
    'blocks.*.norm2': `${block}.ln2`,
    'blocks.*.attention.inProj': stacked,
    'blocks.*.attention.outProj': `${block}.mha.W_o`,
    'blocks.*.mlp.fc1': `${block}.mlp.0`,
    'blocks.*.mlp.fc2': `${block}.mlp.2`,
  };
}
