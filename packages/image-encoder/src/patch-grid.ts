import { EmbeddingError, type ImageBatch } from '@diptych/core';
import { type Grid, type PositionResize, resizePositions } from '@diptych/nn';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** How an image is cut into patches. Sizes are pixels. */
export interface PatchGrid {
  /** Side of the square images that the position embeddings belong to. */
  readonly imageSize: number;
  readonly patchSize: number;
  /** How they are resized for images of another size. */
  readonly positionResize: PositionResize;
}

/**
 * Rows and columns of patches of a batch.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when whole patches do not cover the images.
 */
export function patchGrid({ shape }: ImageBatch, { patchSize }: PatchGrid): Grid {
  const [, height, width] = shape;
  if (height % patchSize !== 0 || width % patchSize !== 0) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'images',
      expected: `sides that ${patchSize} pixels divide`,
      got: `${height} x ${width}`,
    });
  }
  return [height / patchSize, width / patchSize];
}

/** Position embeddings of the patches for a grid, `[rows * columns, width]`. */
export function positionsFor(
  positions: Tensor2D,
  grid: Grid,
  { imageSize, patchSize, positionResize }: PatchGrid,
): Tensor2D {
  const side = Math.floor(imageSize / patchSize);
  return resizePositions(positions, [side, side], grid, positionResize);
}
