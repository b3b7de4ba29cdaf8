import { EmbeddingError, expectMembers, quote, type TextBatch } from '@diptych/core';

export interface TokenLimits {
  readonly vocabSize: number;
  /** Most tokens of a text, begin and end included. */
  readonly contextLength: number;
}

/**
 * What a table look-up would get silently wrong, found before any tensor is made.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` for a shape that is none, or of another number of tokens; `INPUT_INVALID` for an id
 *   that the table lacks, or what is no `Int32Array`.
 */
export function checkTokens(
  batch: TextBatch,
  { vocabSize, contextLength = Infinity }: Pick<TokenLimits, 'vocabSize'> & Partial<TokenLimits>,
): void {
  const { ids, mask, pooled = mask, shape } = expectMembers(batch, 'text', 'ids', 'mask', 'shape');
  const sides: unknown = shape;
  if (
    !(Array.isArray(sides) && sides.length === 2 && sides.every(Number.isSafeInteger) && shape[0] >= 0 && shape[1] > 0)
  ) {
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'text', expected: 'a shape of texts and tokens', got: sides });
  }
  const [n, length] = shape;
  for (const [what, values] of Object.entries({ ids, mask, pooled })) {
    if (Object.prototype.toString.call(values) !== '[object Int32Array]') {
      throw new EmbeddingError('INPUT_INVALID', {
        where: `text: ${what}`,
        expected: 'an Int32Array',
        got: quote(values),
      });
    }
    if (values.length === n * length) continue;
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'text',
      expected: `${n * length} ${what} for [${shape}]`,
      got: values.length,
    });
  }
  if (length > contextLength) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'text',
      expected: `at most ${contextLength} tokens`,
      got: length,
    });
  }
  const at = ids.findIndex((id) => id < 0 || id >= vocabSize);
  if (at >= 0) {
    const where = `text ${Math.floor(at / length)}, token ${at % length}`;
    throw new EmbeddingError('INPUT_INVALID', { where, expected: `an id below ${vocabSize}`, got: ids[at] });
  }
}

/**
 * For encoders whose padding takes part in attention.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when texts are not padded to the whole context.
 */
export function checkPadded({ shape: [, length] }: TextBatch, { contextLength }: TokenLimits): void {
  if (length === contextLength) return;
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where: 'text',
    expected: `every text padded to ${contextLength} tokens`,
    got: length,
  });
}
