const maxPieces = 20_000;
const maxLength = 64;

/** What pieces became. */
export interface PieceCache {
  readonly get: (piece: string) => readonly number[] | undefined;
  /** Gives the ids back. */
  readonly keep: (piece: string, ids: readonly number[]) => readonly number[];
}

/**
 * Remembers what short pieces became: words recur. Holds at most 20,000 pieces of up to 64 UTF-16 units and starts afresh
 * when full.
 */
export function pieceCache(): PieceCache {
  const known = new Map<string, readonly number[]>();
  return {
    get: (piece) => known.get(piece),
    keep(piece, ids) {
      if (piece.length > maxLength) return ids;
      if (known.size >= maxPieces) known.clear();
      known.set(piece, ids);
      return ids;
    },
  };
}
