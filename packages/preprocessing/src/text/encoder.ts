import type { Steps } from '@diptych/core';
import type { Part } from './added-tokens.ts';
import { invalid } from './config-file.ts';
import { pieceCache } from './piece-cache.ts';
import type { Frame } from './post-processor.ts';
import type { Row, RowLayout } from './tokenizer.ts';

/** Gives the ids of one piece of a text: at once, or for one that may be long in steps. */
export type Model = (piece: string) => readonly number[] | Steps<readonly number[]>;

/** How one text becomes ids. */
export interface EncoderParts {
  /** Ids of special tokens, and the pieces between them, in order. */
  readonly parts: (text: string) => Iterable<Part>;
  readonly model: Model;
  /** All that `model` gives are below. */
  readonly size: number;
  readonly frame: Frame;
}

/**
 * What a text spells out, of added tokens, does not count: they are refused with it.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` where a network's table has no rows for ids that any text may get.
 */
export function checkTable(
  { size, frame }: Pick<EncoderParts, 'size' | 'frame'>,
  { padId, vocabSize = Infinity }: RowLayout,
): void {
  const end = Math.max(size, 1 + Math.max(padId, ...frame.before, ...frame.after));
  if (end > vocabSize) invalid('tokenizer', `at most the ${vocabSize} tokens of the network's table`, end);
}

/**
 * Ids of a text in their frame, at most `contextLength` in all: what is too long loses its end, never the frame. Pieces
 * behind the first that no longer counts are not looked at.
 */
export function encoder({ parts, model, frame }: EncoderParts, contextLength: number): (text: string) => Steps<Row> {
  const room = contextLength - frame.before.length - frame.after.length;
  const known = pieceCache();
  return function* (text) {
    const ids: number[] = [];
    for (const part of parts(text)) {
      if (ids.length > room) break;
      if (part === undefined) yield part;
      else if (typeof part === 'number') ids.push(part);
      else for (const id of known.get(part) ?? known.keep(part, yield* allOf(model(part)))) ids.push(id);
    }
    const kept = ids.slice(0, room);
    const isFramed = frame.isOnce === true && kept.at(-1) === frame.after[0];
    const framed = [...frame.before, ...kept, ...(isFramed ? [] : frame.after)];
    return { ids: framed, isCut: ids.length > room };
  };
}

function* allOf(ids: ReturnType<Model>): Steps<readonly number[]> {
  return 'next' in ids ? yield* ids : ids;
}
