import { expectRows } from './arguments.ts';
import type { Embeddings, Precision } from './embeddings.ts';
import { EmbeddingError } from './error.ts';

/** @throws {EmbeddingError} `SHAPE_MISMATCH` when the dimensions differ, `INPUT_INVALID` when the models differ. */
export function expectOneSpace(a: Embeddings<Precision>, b: Embeddings<Precision>): void {
  for (const rows of [a, b]) expectRows(rows, 'similarity');
  const dim = a.shape[1];
  if (b.shape[1] !== dim) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'similarity',
      expected: `both of dimension ${dim}`,
      got: b.shape[1],
    });
  }
  if (a.model !== b.model) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'similarity',
      expected: 'one model',
      got: `'${a.model}' and '${b.model}'`,
    });
  }
}
