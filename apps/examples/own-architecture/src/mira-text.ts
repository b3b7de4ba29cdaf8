import type { Encoder, Preprocessor, TextBatch } from '@diptych/core';
import {
  gatherRows,
  type NameTable,
  normal,
  param,
  type ParamsOf,
  transformer,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { miraBlock, miraBlockNames } from './mira-block.ts';

const context = 32;
const [start, end] = [2, 3];

const config: TransformerConfig = {
  width: 64,
  layers: 8,
  heads: 8,
  mlpWidth: 256,
  activation: 'gelu',
  layerNormEpsilon: 1e-5,
};

export const miraTextSpec = {
  tokens: param([256, 64], normal(0.02)),
  positions: param([128, 64], normal(0.02)), // sinusoids, stored as a buffer
  blocks: transformerSpec(config),
  projection: param([64, 128], normal(0.02)), // as stored
} as const;

export const miraTextNames: NameTable = {
  names: {
    tokens: 'text_encoder.embed.weight',
    positions: 'text_encoder.positional_embeddings.pe',
    projection: 'text_encoder.projection',
    ...miraBlockNames('text_encoder', config.heads),
  },
};

/** UTF-8 bytes between a start and an end mark, padded with zeros; what is too long is cut off before the end mark. */
export const miraTokens: Preprocessor<string, TextBatch> = (texts) => {
  const ids = new Int32Array(texts.length * context);
  const mask = new Int32Array(texts.length * context);
  texts.forEach((text, i) => {
    const bytes = new TextEncoder().encode(text).subarray(0, context - 2);
    ids.set([start, ...bytes, end], i * context);
    mask.fill(1, i * context, i * context + bytes.length + 2);
  });
  return { ids, mask, shape: [texts.length, context] };
};

/** A transformer over bytes that sees padding as well; the row of the end mark is the text. */
export function miraText(params: ParamsOf<typeof miraTextSpec>): Encoder<TextBatch> {
  return {
    dim: 128,
    variables: variablesOf(params),
    forward({ ids, mask, shape: [n, length] }) {
      const tokens = tf.reshape<tf.Rank.R3>(gatherRows(params.tokens, ids), [n, length, config.width]);
      const x = tf.add<tf.Tensor3D>(tokens, tf.slice(params.positions, [0, 0], [length, config.width]));
      const rows = tf.reshape<tf.Rank.R2>(transformer(config, params.blocks, x, { block: miraBlock }), [
        n * length,
        -1,
      ]);
      const ends = Int32Array.from({ length: n }, (_, i) => {
        const counted = mask.subarray(i * length, (i + 1) * length).reduce((sum, counts) => sum + counts, 0);
        return i * length + counted - 1;
      });
      return tf.matMul(gatherRows(rows, ends), params.projection);
    },
  };
}
