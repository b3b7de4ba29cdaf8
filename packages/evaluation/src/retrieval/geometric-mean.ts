import { EmbeddingError, expectList } from '@diptych/core';

/** Floor of trec_eval, MIN_GEO_MEAN. */
const least = 0.00001;

/**
 * Geometric mean of metrics of queries, which a hard query moves more than an easy one; of average precisions it is
 * trec_eval's `gm_map`.
 *
 * @param values At least 0; what is below 0.00001 counts as that.
 * @throws {EmbeddingError} `INPUT_INVALID` for no values, or one that is negative or NaN.
 */
export function geometricMean(values: ArrayLike<number>): number {
  expectList(values, 'geometricMean: values');
  const all = Array.from(values);
  if (all.length === 0 || !all.every((value) => value >= 0)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'geometricMean',
      expected: 'values of at least 0',
      got: all.join(', '),
    });
  }
  return Math.exp(all.reduce((sum, value) => sum + Math.log(Math.max(value, least)), 0) / all.length);
}
