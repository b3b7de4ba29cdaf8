/** A picture of the collection. */
export interface Photo {
  /** The same as long as the file is: made of its source, path, size and time of change. */
  readonly id: string;
  readonly name: string;
  /** Within its source, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
  /** Id of the folder that it comes from. */
  readonly source: string;
}

/** Rows of all photos that are embedded, in the photos' order; unit length. */
export interface Rows {
  readonly photos: readonly Photo[];
  readonly rows: { readonly data: Float32Array; readonly shape: [number, number] };
}

/** Little work for a list that is in order but for its end. */
export function newestFirst(photos: readonly Photo[]): readonly Photo[] {
  return photos.toSorted((a, b) => b.modified - a.modified || (a.path < b.path ? -1 : 1));
}
