import { EmbeddingError, expectItems, expectList } from '@diptych/core';
import type { Scores } from '../scores.ts';

/** For each query its relevant documents: their indices, or index to grade where some are more relevant. */
export type Relevance = readonly (readonly number[] | ReadonlyMap<number, number>)[];

/**
 * Grade above 0 of each query's relevant documents by index.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when there are not as many entries as queries; `INPUT_INVALID` when a query
 *   has no relevant document, or one that does not exist.
 */
export function gradesOf(relevance: Relevance, [queries, documents]: Scores['shape']): ReadonlyMap<number, number>[] {
  expectList(relevance, 'relevance');
  if (relevance.length !== queries) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'relevance',
      expected: `${queries} entries`,
      got: relevance.length,
    });
  }
  return relevance.map((entry, query) => {
    expectItems(entry, `relevance[${query}]`);
    const judged = 'length' in entry ? entry.map((index) => [index, 1] as const) : [...entry];
    const grades = new Map(judged.filter(([, grade]) => grade > 0));
    if (grades.size === 0) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'relevance',
        expected: `a relevant document for query ${query}`,
        got: 'none',
      });
    }
    for (const index of grades.keys()) {
      if (Number.isInteger(index) && index >= 0 && index < documents) continue;
      const expected = `an index below ${documents}`;
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'relevance',
        expected: `${expected} for query ${query}`,
        got: index,
      });
    }
    return grades;
  });
}
