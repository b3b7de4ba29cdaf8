import { addedTokenSplitter, escapeRegExp, type Found, type Part } from './added-tokens.ts';
import { cleanHf } from './clip-clean.ts';
import { inChunks } from './in-chunks.ts';
import { codePoints } from './code-points.ts';
import { letter, number } from './unicode-tables.ts';

const contractions = "'t|'re|'ve|'m|'ll|'d";

/** The group holds the word of a special token that was not found before: in capitals, say. */
function hfPieces(): RegExp {
  const [letters, numbers] = [codePoints(letter), codePoints(number)];
  const words = String.raw`[${letters}]+|[${numbers}]|[^\p{White_Space}${letters}${numbers}]+`;
  return new RegExp(String.raw`<\|(startoftext|endoftext)\|>|'s|${contractions}|${words}`, 'gu');
}

/** Special tokens wherever they stand, and the pieces of the cleaned text between them. */
export function hfParts(added: readonly Found[]): (text: string) => Iterable<Part> {
  const [split, pieces] = [addedTokenSplitter(added, inChunks(cleanHf)), hfPieces()];
  return function* (text) {
    for (const part of split(text)) {
      if (typeof part !== 'string') yield part;
      else for (const [piece, special] of part.matchAll(pieces)) yield* special ? ['<|', special, '|>'] : [piece];
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
  // The reference ignores case here: the long s matches an s, and U+0345, a mark that is an iota in capitals, nothing.
  const pattern = new RegExp(
    String.raw`${specials}|'[sſ]|${contractions}|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}\u0345]+`,
    'gu',
  );
  return function* (text) {
    for (const [piece] of clean(text).matchAll(pattern))
      yield Object.hasOwn(literals, piece) ? literals[piece]! : piece;
  };
}
