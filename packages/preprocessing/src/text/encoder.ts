import type { Part } from './added-tokens.ts';
import { cachedPieces } from './piece-cache.ts';
import type { Frame } from './post-processor.ts';

/** How one text becomes ids. */
export interface EncoderParts {
  /** Ids of special tokens, and the pieces between them, in order. */
  readonly parts: (text: string) => Iterable<Part>;
  /** Ids of a piece. */
  readonly model: (piece: string) => readonly number[];
  readonly frame: Frame;
}

/**
 * Ids of a text in their frame, at most `contextLength` in all: what is too long loses its end, never the frame. Pieces
 * that no longer count are not looked at.
 */
export function encoder({ parts, model, frame }: EncoderParts, contextLength: number): (text: string) => number[] {
  const room = contextLength - frame.before.length - frame.after.length;
  const idsOf = cachedPieces(model);
  return (text) => {
    const ids: number[] = [];
    for (const part of parts(text)) {
      if (ids.length >= room) break;
      if (typeof part === 'number') ids.push(part);
      else for (const id of idsOf(part)) ids.push(id);
    }
    const kept = ids.slice(0, room);
    const isFramed = frame.isOnce === true && kept.at(-1) === frame.after[0];
    return [...frame.before, ...kept, ...(isFramed ? [] : frame.after)];
  };
}
