import { EmbeddingError, expectList } from '@diptych/core';

/**
 * Late fusion of embeddings at hand, such as the text and the image of one query, in float64: the unit vector along
 * `Σ weight u(vector)`, as `lateFusion` makes it. All zeros when they cancel out.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` without vectors; `SHAPE_MISMATCH` when vectors differ in length, or weights
 * from vectors in number.
 */
export function weightedUnitSum(vectors: readonly ArrayLike<number>[], weights: readonly number[]): Float64Array {
  expectList(vectors, 'weightedUnitSum: vectors');
  expectList(weights, 'weightedUnitSum: weights');
  vectors.forEach((vector, i) => expectList(vector, `weightedUnitSum: vectors[${i}]`));
  const dim = vectors[0]?.length;
  if (dim === undefined)
    throw new EmbeddingError('INPUT_INVALID', { where: 'weightedUnitSum', expected: 'vectors', got: 'none' });
  if (weights.length !== vectors.length) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'weightedUnitSum',
      expected: `${vectors.length} weights`,
      got: weights.length,
    });
  }
  const sum = new Float64Array(dim);
  vectors.forEach((vector, i) => {
    if (vector.length !== dim) {
      throw new EmbeddingError('SHAPE_MISMATCH', {
        where: `weightedUnitSum: vector ${i}`,
        expected: `${dim} values`,
        got: vector.length,
      });
    }
    unit(vector).forEach((value, at) => (sum[at]! += weights[i]! * value));
  });
  return unit(sum);
}

function unit(vector: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(vector);
  const norm = Math.hypot(...values);
  return norm > 0 ? values.map((value) => value / norm) : values;
}
