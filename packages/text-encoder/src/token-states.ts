import { gatherRows, type LookupTable } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { TokenRows } from './packed-texts.ts';

/** Tables that give a token its first state. */
export interface TokenTables {
  /** `[vocabSize, width]`. */
  readonly tokens: LookupTable;
  /** `[contextLength, width]`. */
  readonly positions: tf.Tensor2D;
}

/** Each token's vector, `[n, length, width]`. */
export function wordStates(tokens: LookupTable, { ids, shape: [n, length] }: TokenRows): tf.Tensor3D {
  return tf.reshape(gatherRows(tokens, ids), [n, length, tokens.shape[1]]);
}

/** Each token's vector plus that of its position, `[n, length, width]`. */
export function tokenStates({ tokens, positions }: TokenTables, rows: TokenRows): tf.Tensor3D {
  const {
    places,
    shape: [n, length],
  } = rows;
  const words = wordStates(tokens, rows);
  const own = places && tf.reshape<tf.Rank.R3>(gatherRows(positions, places), [n, length, -1]);
  return tf.add(words, own ?? tf.slice(positions, [0, 0], [length, -1]));
}
