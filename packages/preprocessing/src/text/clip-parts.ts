import { addedTokenSplitter, escapeRegExp, type Found, type Part } from './added-tokens.ts';
import { cleanHf } from './clip-clean.ts';

const words = String.raw`'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+`;

/** The group holds the word of a special token that was not found before: in capitals, say. */
const hfPieces = new RegExp(String.raw`<\|(startoftext|endoftext)\|>|'s|${words}`, 'gu');

/** Special tokens wherever they stand, and the pieces of the cleaned text between them. */
export function hfParts(added: readonly Found[]): (text: string) => Iterable<Part> {
  const split = addedTokenSplitter(added, cleanHf);
  return function* (text) {
    for (const part of split(text)) {
      if (typeof part === 'number') yield part;
      else for (const [piece, special] of part.matchAll(hfPieces)) yield* special ? ['<|', special, '|>'] : [piece];
    }
  };
}

/**
 * Pieces of the cleaned text; a literal is its id where a piece begins, so not right after a punctuation mark.
 *
 * @param literals Ids of special tokens by their spelling.
 */
export function openaiParts(
  clean: (text: string) => string,
  literals: Readonly<Record<string, number>>,
): (text: string) => Iterable<Part> {
  const specials = Object.keys(literals).map(escapeRegExp).join('|');
  // The reference ignores case here, where only the long s is left to match another letter.
  const pattern = new RegExp(`${specials}|'[sſ]|${words}`, 'gu');
  return function* (text) {
    for (const [piece] of clean(text).matchAll(pattern))
      yield Object.hasOwn(literals, piece) ? literals[piece]! : piece;
  };
}
