import { EmbeddingError, quote, type TokenEmbeddings } from '@diptych/core';
import { checkRows } from './check-rows.ts';

/** What rows of tokens may be kept as. */
export type TokenPrecision = 'float32' | 'int8';

/** @throws {EmbeddingError} as `checkRows`, and `INPUT_INVALID` for another precision or offsets that leave out a row. */
export function checkTokenRows(where: string, rows: TokenEmbeddings<TokenPrecision>): void {
  checkRows(where, rows);
  const { precision, offsets, shape } = rows;
  if (!['float32', 'int8'].includes(precision)) {
    throw new EmbeddingError('INPUT_INVALID', { where, expected: 'rows in float32 or int8', got: precision });
  }
  const ascends =
    offsets instanceof Uint32Array && offsets.every((at, i) => (i === 0 ? at === 0 : at > offsets[i - 1]!));
  if (ascends && offsets.at(-1) === shape[0]) return;
  const expected = `offsets that ascend from 0 to ${shape[0]}, a Uint32Array`;
  throw new EmbeddingError('INPUT_INVALID', { where, expected, got: quote(offsets) });
}

/** The rows of one item. */
export function itemRows<P extends TokenPrecision>(rows: TokenEmbeddings<P>, item: number): TokenEmbeddings<P> {
  const [begin, end] = [rows.offsets[item]!, rows.offsets[item + 1]!];
  const dim = rows.shape[1];
  return {
    ...rows,
    data: rows.data.subarray(begin * dim, end * dim) as typeof rows.data,
    shape: [end - begin, dim],
    offsets: Uint32Array.of(0, end - begin),
    ...(rows.scales && { scales: rows.scales.subarray(begin, end) }),
  };
}
