/** What is known of a picture's file. */
export interface Copy {
  readonly id: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** Of near-duplicates, one at least, the best first: most pixels, then most bytes, then the oldest, then by path. */
export function byWorth<C extends Copy>(copies: readonly C[]): readonly C[] {
  return copies.toSorted(
    (a, b) =>
      b.width * b.height - a.width * a.height ||
      b.bytes - a.bytes ||
      a.modified - b.modified ||
      (a.path < b.path ? -1 : Number(a.path > b.path)),
  );
}
