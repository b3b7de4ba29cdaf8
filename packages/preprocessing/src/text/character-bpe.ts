import { pieces, type Steps } from '@diptych/core';
import { byteFallback } from './byte-fallback.ts';
import { mergePairs, type MergeTable } from './merge-pairs.ts';
import type { Vocabulary } from './tokenizer-files.ts';
import { letterCost } from './in-chunks.ts';

export interface CharacterBpe {
  readonly vocabulary: Vocabulary;
  readonly merges: MergeTable;
  /** For a character that neither is in the vocabulary nor falls back; left out where `undefined`. */
  readonly unknown: number | undefined;
  /** Neighbouring unknown characters are one. */
  readonly fuseUnknown: boolean;
  /** A character beyond the vocabulary becomes its UTF-8 bytes. */
  readonly byteFallback: boolean;
  /** Marks the last character of a piece. */
  readonly suffix: string;
}

/** Byte-pair encoding that starts from characters, as Gemma's does: ids of a piece, which may be the whole text. */
export function* characterBpe(piece: string, model: CharacterBpe): Steps<number[]> {
  const isFull = pieces();
  const symbols: number[] = [];
  let isAfterUnknown = false;
  let at = 0;
  for (const one of piece) {
    at += one.length;
    if (isFull(letterCost)) yield;
    const character = at === piece.length ? one + model.suffix : one;
    const id = model.vocabulary.get(character);
    const bytes = id === undefined && model.byteFallback ? byteFallback(character, model.vocabulary) : undefined;
    const known = id === undefined ? bytes : [id];
    if (known) symbols.push(...known);
    else if (model.unknown !== undefined && !(isAfterUnknown && model.fuseUnknown)) symbols.push(model.unknown);
    isAfterUnknown = known === undefined;
  }
  return yield* mergePairs(symbols, model.merges);
}
