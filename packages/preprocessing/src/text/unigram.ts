import { longestPieces } from './longest-piece.ts';

/** What a unigram language model knows. */
export interface UnigramModel {
  /** Id and log probability of each piece that may be chosen. */
  readonly pieces: ReadonlyMap<string, { readonly id: number; readonly score: number }>;
  /** Log probability of a character that no piece covers. */
  readonly unknownScore: number;
  /** Rounds a sum of scores: `Math.fround` in SentencePiece; Hugging Face's library keeps it. Of equal sums the first wins. */
  readonly round: (sum: number) => number;
  /** Ids of a run of characters that no piece covers. */
  readonly unknown: (run: string) => readonly number[];
}

/** The best way to the end of a place in the text: where its last piece begins, and its id. */
interface Step {
  readonly score: number;
  readonly from: number;
  /** `undefined` for a character that no piece covers. */
  readonly id: number | undefined;
}

/**
 * The most probable segmentation of a text, by Viterbi; neighbouring unknown characters are one run. Linear in the
 * length of the text.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a piece of over 128 characters.
 */
export function unigramEncoder(model: UnigramModel): (text: string) => number[] {
  const longest = longestPieces(model.pieces.keys(), 'unigram vocabulary');
  return (text) => {
    const best: (Step | undefined)[] = Array.from({ length: text.length + 1 });
    best[0] = { score: 0, from: 0, id: undefined };
    const offer = (from: number, to: number, id: number | undefined, score: number): void => {
      if (best[to] === undefined || score > best[to].score) best[to] = { score, from, id };
    };
    for (let from = 0; from < text.length;) {
      const till = best[from]!.score;
      const next = from + (text.codePointAt(from)! > 0xffff ? 2 : 1);
      let isCovered = false;
      const last = Math.min(from + longest(text[from]!), text.length);
      for (let to = next; to <= last; to++) {
        const piece = model.pieces.get(text.slice(from, to));
        if (!piece) continue;
        offer(from, to, piece.id, model.round(till + piece.score));
        isCovered ||= to === next;
      }
      if (!isCovered) offer(from, next, undefined, model.round(till + model.unknownScore));
      from = next;
    }
    return backwards(text, best, model.unknown);
  };
}

function backwards(text: string, best: readonly (Step | undefined)[], unknown: UnigramModel['unknown']): number[] {
  const groups: (readonly number[])[] = [];
  for (let to = text.length; to > 0;) {
    let { from, id } = best[to]!;
    if (id === undefined) {
      while (from > 0 && best[from]!.id === undefined) from = best[from]!.from;
      groups.push(unknown(text.slice(from, to)));
    } else groups.push([id]);
    to = from;
  }
  return groups.toReversed().flat();
}
