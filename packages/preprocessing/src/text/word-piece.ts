import { longestPieces } from './longest-piece.ts';
import type { Vocabulary } from './tokenizer-files.ts';

export interface WordPieceModel {
  readonly vocabulary: Vocabulary;
  readonly unknown: number;
  /** Marks a piece that continues a word. */
  readonly prefix: string;
  /** Characters (code points) of a word at most; a longer one is unknown. */
  readonly longestWord: number;
}

/**
 * Ids of a word: the longest piece that fits, again and again; one unknown id when some place fits none. Linear in the
 * length of the word.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a piece of over 128 characters.
 */
export function wordPieces({ vocabulary, unknown, prefix, longestWord }: WordPieceModel): (word: string) => number[] {
  const [first, later] = ['', prefix].map((mark) => longestPieces(vocabulary.keys(), 'WordPiece vocabulary', mark));
  return (word) => {
    if (word.length > 2 * longestWord || Array.from(word).length > longestWord) return [unknown];
    const ids: number[] = [];
    for (let from = 0; from < word.length;) {
      const [mark, longest] = from > 0 ? [prefix, later!] : ['', first!];
      let to = Math.min(word.length, from + longest(word[from]!));
      const idAt = (): number | undefined => vocabulary.get(mark + word.slice(from, to));
      while (to > from && (isInside(word, to) || idAt() === undefined)) to--;
      if (to === from) return [unknown];
      ids.push(idAt()!);
      from = to;
    }
    return ids;
  };
}

/** Whether a place is between the two halves of a character. */
function isInside(word: string, at: number): boolean {
  return at < word.length && word.codePointAt(at - 1)! > 0xffff;
}
