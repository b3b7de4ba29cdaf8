import { EmbeddingError, type Steps } from '@diptych/core';
import { byteFallback } from './byte-fallback.ts';
import { invalid } from './config-file.ts';
import type { Piece, SpieceModel } from './spiece-model.ts';
import { unigramEncoder } from './unigram.ts';

/** Ids of a text that is already normalised, by a SentencePiece unigram model in its own float32 arithmetic. */
export function spieceEncoder(model: SpieceModel): (text: string) => Steps<number[]> {
  if (model.kind !== 'unigram') {
    throw new EmbeddingError('UNSUPPORTED', {
      where: 'spiece.model',
      expected: 'a unigram model',
      got: model.kind,
      cure: 'give tokenizer.json instead',
    });
  }
  const scores = model.pieces.filter(({ type }) => type === 'normal').map(({ score }) => score);
  const lowest = scores.reduce((a, b) => Math.min(a, b), 0);
  const unknown = model.pieces.findIndex(({ type }) => type === 'unknown');
  if (unknown < 0) invalid('spiece.model', 'an unknown piece', 'none');
  const bytes = ids(model.pieces, (piece) => piece.type === 'byte');
  const chosen = ids(model.pieces, (piece) => piece.type === 'normal' || piece.type === 'user');
  // A user's piece is always worth choosing: version 0.2 adds a tenth for each byte but one.
  const own = model.pieces.map(({ type, score, text }) =>
    type === 'user' ? Math.fround(0.1 * utf8Length(text) - 0.1) : score,
  );
  return unigramEncoder({
    ids: chosen,
    scores: own,
    unknownScore: Math.fround(lowest - 10),
    round: Math.fround,
    unknown: (run) => byteFallback(run, bytes) ?? [unknown],
  });
}

function ids(pieces: readonly Piece[], isWanted: (piece: Piece) => boolean): Map<string, number> {
  return new Map(pieces.flatMap((piece, id) => (isWanted(piece) ? [[piece.text, id] as const] : [])));
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
