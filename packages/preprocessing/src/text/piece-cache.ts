const maxPieces = 20_000;
const maxLength = 64;

/**
 * `encode`, remembering what short pieces became: words recur. Holds at most 20,000 pieces of up to 64 UTF-16 units and
 * starts afresh when full.
 */
export function cachedPieces(encode: (piece: string) => readonly number[]): (piece: string) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (piece) => {
    const found = known.get(piece);
    if (found) return found;
    const ids = encode(piece);
    if (piece.length > maxLength) return ids;
    if (known.size >= maxPieces) known.clear();
    known.set(piece, ids);
    return ids;
  };
}
