import type { Vocabulary } from './tokenizer-files.ts';

export interface WordPieceModel {
  readonly vocabulary: Vocabulary;
  readonly unknown: number;
  /** Marks a piece that continues a word. */
  readonly prefix: string;
  /** Characters (code points) of a word at most; a longer one is unknown. */
  readonly longestWord: number;
}

/** Ids of one word: the longest piece that fits, again and again; one unknown id when some place fits none. */
export function wordPieces(word: string, { vocabulary, unknown, prefix, longestWord }: WordPieceModel): number[] {
  if (word.length > 2 * longestWord) return [unknown];
  const characters = Array.from(word);
  if (characters.length > longestWord) return [unknown];
  const ids: number[] = [];
  for (let from = 0; from < characters.length;) {
    let to = characters.length;
    const idAt = (): number | undefined =>
      vocabulary.get((from > 0 ? prefix : '') + characters.slice(from, to).join(''));
    while (to > from && idAt() === undefined) to--;
    if (to === from) return [unknown];
    ids.push(idAt()!);
    from = to;
  }
  return ids;
}
