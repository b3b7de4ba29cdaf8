/** Numbers in rows, row-major. */
export interface Features {
  readonly data: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
}

/** Photos as features, and what is said of each. */
export interface Part {
  readonly images: Features;
  readonly captions: readonly (readonly string[])[];
}

export type Parts = Readonly<Record<'train' | 'val' | 'test', Part>>;

/** The number of the photo of each caption, photo by photo. */
export function imageOfCaption({ captions }: Pick<Part, 'captions'>): Int32Array {
  return Int32Array.from(captions.flatMap((said, image) => said.map(() => image)));
}
