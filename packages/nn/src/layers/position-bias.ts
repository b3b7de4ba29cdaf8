import { EmbeddingError, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { gatherRows } from './gather-rows.ts';

/** Distances of the last bucket of `relativeBias`, as T5 and MPNet were trained with. */
const farthest = 128;

/**
 * What attention adds to its scores by how far a key is from its query, Raffel et al. 2019, arXiv:1910.10683:
 * `[1, heads, length, length]`. Half of the buckets is for keys after their query; half of those have one distance each, and the
 * others grow with its logarithm up to 128.
 *
 * @param table `[buckets, heads]`.
 */
export function relativeBias(table: tf.Tensor2D, length: number): tf.Tensor4D {
  const [buckets, heads] = expectMembers(table, 'table', 'shape').shape;
  expectLength('relativeBias', length);
  const of = Array.from({ length: 2 * length - 1 }, (_, i) => relativeBucket(i - length + 1, buckets));
  const each = Int32Array.from({ length: length * length }, (_, i) => {
    const query = Math.floor(i / length);
    return of[i - query * length - query + length - 1]!;
  });
  const byQuery = tf.reshape<tf.Rank.R4>(gatherRows(table, each), [1, length, length, heads]);
  return tf.transpose(byQuery, [0, 3, 1, 2]);
}

function relativeBucket(distance: number, buckets: number): number {
  const half = buckets / 2;
  const single = half / 2;
  const far = Math.abs(distance);
  // Of powers of two the logarithm is exact.
  const grown = single + Math.floor((Math.log2(far / single) / Math.log2(farthest / single)) * (half - single));
  return (distance > 0 ? half : 0) + (far < single ? far : Math.min(grown, half - 1));
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what is no number of tokens or heads. */
export function expectLength(where: string, length: number): void {
  if (Number.isSafeInteger(length) && length > 0) return;
  throw new EmbeddingError('INPUT_INVALID', { where, expected: 'whole numbers above 0', got: length });
}
