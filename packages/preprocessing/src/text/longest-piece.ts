import { invalid } from './config-file.ts';

/** Characters of a piece at most. Those of published vocabularies have up to some 30; time grows with the square. */
const maxLength = 128;

/**
 * How long the longest piece is that begins with a UTF-16 unit, so that no longer one is looked for.
 *
 * @param pieces Of a vocabulary.
 * @param prefix What continuing pieces begin with, which is not in the text: these alone count.
 * @throws {EmbeddingError} `CONFIG_INVALID` for a piece of over 128 units.
 */
export function longestPieces(pieces: Iterable<string>, where: string, prefix = ''): (char: string) => number {
  const longest = new Map<string, number>();
  for (const piece of pieces) {
    const length = piece.length - prefix.length;
    if (length > maxLength) invalid(where, `pieces of at most ${maxLength} characters`, piece);
    if (length <= 0 || !piece.startsWith(prefix)) continue;
    const first = piece[prefix.length]!;
    if (length > (longest.get(first) ?? 0)) longest.set(first, length);
  }
  return (char) => longest.get(char) ?? 0;
}
