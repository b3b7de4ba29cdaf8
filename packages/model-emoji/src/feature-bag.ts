import type { TextBatch } from '@diptych/core';
import { gatherRows, type LookupTable } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * For each text the sum of its features' rows over the root of their number, `[n, width]`; zero for a text without any.
 * Rows are looked up once, however often they occur, and summed by a matrix product, so that it differentiates on every
 * backend.
 *
 * @param table `[buckets, width]`.
 */
export function featureBag(table: LookupTable, { ids, mask, shape: [n, length] }: TextBatch): tf.Tensor2D {
  // In the order of ids, so that a text's features are summed in the same one whatever its neighbours are.
  const found = [...new Set(ids.filter((_, i) => mask[i]))].toSorted((a, b) => a - b);
  const places = new Map((found.length > 0 ? found : [0]).map((id, place) => [id, place]));
  const weights = new Float32Array(n * places.size);
  for (let text = 0; text < n; text++) {
    const [start, end] = [text * length, (text + 1) * length];
    const weight = mask.subarray(start, end).reduce((sum, counts) => sum + counts, 0) ** -0.5;
    for (let i = start; i < end; i++) if (mask[i]) weights[text * places.size + places.get(ids[i]!)!]! += weight;
  }
  return tf.matMul(tf.tensor2d(weights, [n, places.size]), gatherRows(table, Int32Array.from(places.keys())));
}
