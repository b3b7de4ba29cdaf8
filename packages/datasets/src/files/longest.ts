import { invalid } from '../invalid.ts';

/** Of one row, line or text of a sample, in characters or bytes: what a damaged file would otherwise go on to its end. */
const maxLength = 1 << 25;

/** @throws {EmbeddingError} `INPUT_INVALID` when it is longer than any row is. */
export function checkLength(length: number, where: string, what: string): void {
  if (length > maxLength) throw invalid(where, `${what} of at most ${maxLength} characters`, 'more');
}
