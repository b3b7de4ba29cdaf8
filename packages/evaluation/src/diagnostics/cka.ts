import {
  columnMeans,
  EmbeddingError,
  expectMembers,
  expectRows,
  inTurns,
  type Steps,
  subtractRow,
} from '@diptych/core';
import { finiteRows, type FiniteRows, type Rows } from '../rows.ts';
import type { SignalOption } from '../signal-option.ts';
import { innerProducts } from './inner-products.ts';
import { norm } from './norm.ts';

/**
 * Linear centred kernel alignment, Kornblith et al. 2019 (arXiv:1905.00414): how alike two representations of the same
 * items are up to rotation and scale, in `[0, 1]`. The models and the dimensions may differ.
 *
 * @param a `[n, dimA]`; row `i` is of the same item as row `i` of `b`.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the numbers of rows differ; `INPUT_INVALID` when all rows of one are equal
 *   or a value is not finite.
 */
export async function linearCka(a: Rows, b: Rows, options: SignalOption = {}): Promise<number> {
  expectMembers(options, 'linearCka: options');
  return inTurns(ckaSteps(a, b), options.signal);
}

function* ckaSteps(a: Rows, b: Rows): Steps<number> {
  for (const rows of [a, b]) expectRows(rows, 'cka');
  if (a.shape[0] !== b.shape[0]) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'cka',
      expected: 'as many rows of both',
      got: `${a.shape[0]} and ${b.shape[0]}`,
    });
  }
  const [x, y] = [centred(a), centred(b)];
  const own = norm(yield* innerProducts(x)) * norm(yield* innerProducts(y));
  if (!(own > 0))
    throw new EmbeddingError('INPUT_INVALID', { where: 'cka', expected: 'rows that differ', got: 'equal ones' });
  return norm(yield* innerProducts(x, y)) ** 2 / own;
}

function centred(rows: Rows): FiniteRows {
  const finite = finiteRows(rows, 'cka');
  return subtractRow(finite, columnMeans(finite));
}
