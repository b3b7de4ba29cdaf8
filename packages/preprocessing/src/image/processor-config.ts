import { EmbeddingError, kindOf } from '@diptych/core';
import type { Filter } from './filters.ts';
import type { Crop } from './image.ts';

/** From decoded pixels to a model's input. Plain JSON data. */
export interface ImageProcessorConfig extends Normalization {
  /** Colour becomes RGB before resizing (Hugging Face) or after it (OpenAI, open_clip): alpha and palettes differ. */
  readonly toRgb: 'before' | 'after';
  /** Absent: pixels keep their size. */
  readonly resize?: ShortestEdge | ExactSize;
  /** Absent: nothing is cut off. */
  readonly crop?: Crop;
}

/** The shorter side becomes `size` pixels, the ratio stays. */
export interface ShortestEdge {
  readonly mode: 'shortest';
  readonly size: number;
  readonly filter: Filter;
}

/** Both sides in pixels, whatever the ratio. */
export interface ExactSize {
  readonly mode: 'exact';
  readonly width: number;
  readonly height: number;
  readonly filter: Filter;
}

/** `(value * rescale - mean) / std` per channel, in float32. */
export interface Normalization {
  /** Factor from `[0, 255]`, usually 1 / 255. */
  readonly rescale: number;
  readonly mean: readonly [red: number, green: number, blue: number];
  readonly std: readonly [red: number, green: number, blue: number];
}

/** Longest side of a model's input, in pixels. The largest that is known has 1,536. */
export const maxSide = 4096;

/** Throws for sides that no model has. */
export function checkSides({ crop, resize }: ImageProcessorConfig): void {
  const exact = resize?.mode === 'exact' ? [resize.width, resize.height] : [];
  const shortest = resize?.mode === 'shortest' ? [resize.size] : [];
  for (const side of [...exact, ...shortest, ...(crop ? [crop.width, crop.height] : [])]) {
    if (Number.isInteger(side) && side >= 1 && side <= maxSide) continue;
    throw new EmbeddingError('CONFIG_INVALID', {
      where: 'image processor, size and crop',
      expected: `whole numbers of pixels from 1 to ${maxSide}`,
      got: kindOf(side),
    });
  }
}
