import { pieces, type Steps } from '@diptych/core';
import { longestPieces } from './longest-piece.ts';
import { letterCost } from './in-chunks.ts';

/** What a unigram language model knows. */
export interface UnigramModel {
  /** Of each piece that may be chosen. */
  readonly ids: ReadonlyMap<string, number>;
  /** Log probabilities by id. */
  readonly scores: ArrayLike<number>;
  /** Log probability of a character that no piece covers. */
  readonly unknownScore: number;
  /** Rounds a sum of scores: `Math.fround` in SentencePiece; Hugging Face's library keeps it. Of equal sums the first wins. */
  readonly round: (sum: number) => number;
  /** Ids of a run of characters that no piece covers. */
  readonly unknown: (run: string) => readonly number[];
}

/** The best ways to all places in a text: of each its probability, where its last piece begins, and that piece's id. */
interface Ways {
  readonly scores: Float64Array;
  /** -1 for a place that no piece has reached. */
  readonly from: Int32Array;
  /** -1 for a character that no piece covers. */
  readonly ids: Int32Array;
}

const none = -1;

/**
 * The most probable segmentation of a text, by Viterbi; neighbouring unknown characters are one run. Linear in the
 * length of the text.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a piece of over 128 characters.
 */
export function unigramEncoder(model: UnigramModel): (text: string) => Steps<number[]> {
  const longest = longestPieces(model.ids.keys(), 'unigram vocabulary');
  return function* (text) {
    const isFull = pieces();
    const places = text.length + 1;
    const best: Ways = {
      scores: new Float64Array(places),
      from: new Int32Array(places).fill(none),
      ids: new Int32Array(places),
    };
    const offer = (from: number, to: number, id: number, score: number): void => {
      if (best.from[to] !== none && !(score > best.scores[to]!)) return;
      [best.scores[to], best.from[to], best.ids[to]] = [score, from, id];
    };
    for (let from = 0; from < text.length;) {
      if (isFull(letterCost)) yield;
      const till = best.scores[from]!;
      const next = from + (text.codePointAt(from)! > 0xffff ? 2 : 1);
      let isCovered = false;
      const last = Math.min(from + longest(text[from]!), text.length);
      for (let to = next; to <= last; to++) {
        const id = model.ids.get(text.slice(from, to));
        if (id === undefined) continue;
        offer(from, to, id, model.round(till + model.scores[id]!));
        isCovered ||= to === next;
      }
      if (!isCovered) offer(from, next, none, model.round(till + model.unknownScore));
      from = next;
    }
    return backwards(text, best, model.unknown);
  };
}

function backwards(text: string, { from, ids }: Ways, unknown: UnigramModel['unknown']): number[] {
  const reversed: number[] = [];
  for (let to = text.length; to > 0;) {
    let at = from[to]!;
    if (ids[to] === none) {
      while (at > 0 && ids[at] === none) at = from[at]!;
      for (const id of unknown(text.slice(at, to)).toReversed()) reversed.push(id);
    } else reversed.push(ids[to]!);
    to = at;
  }
  return reversed.toReversed();
}
