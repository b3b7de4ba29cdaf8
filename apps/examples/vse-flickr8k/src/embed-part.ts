import type { Rows } from '@diptych/evaluation';
import * as tf from '@tensorflow/tfjs-core';
import type { WordWeights } from '@diptych/preprocessing';
import { numbering, padded } from './captions.ts';
import { rootUnitRows } from './features.ts';
import type { Part } from './part.ts';
import { embedCaptions, embedImages, type TowersConfig, type TowersParams } from './towers.ts';

export interface Towers {
  readonly config: TowersConfig;
  readonly params: TowersParams;
}

/** All photos and all captions of a part as unit rows. */
export function embedPart(
  part: Part,
  words: WordWeights,
  { config, params }: Towers,
): readonly [images: Rows, captions: Rows] {
  const images = read(() => embedImages(config, params, rootUnitRows(part.images)));
  const rows = part.captions.flat().map(numbering(words));
  // Captions of about one length together need little padding.
  const order = rows.map((_, i) => i).toSorted((a, b) => rows[a]!.length - rows[b]!.length);
  const data = new Float32Array(rows.length * config.dim);
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = order.slice(at, at + rowsAtOnce);
    const block = read(() => embedCaptions(config, params, padded(some.map((row) => rows[row]!))));
    some.forEach((row, i) => data.set(block.data.subarray(i * config.dim, (i + 1) * config.dim), row * config.dim));
  }
  return [images, { data, shape: [rows.length, config.dim] }];
}

const rowsAtOnce = 250;

function read(rows: () => tf.Tensor2D): { data: Float32Array; shape: readonly [number, number] } {
  const tensor = tf.tidy(rows);
  const data = tensor.dataSync<'float32'>();
  tensor.dispose();
  return { data, shape: tensor.shape };
}
