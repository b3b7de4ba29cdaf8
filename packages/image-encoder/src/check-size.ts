import { EmbeddingError, type ImageBatch } from '@diptych/core';

/**
 * For networks whose last layers belong to one size.
 *
 * @param imageSize Side of the square images in pixels.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` for images of another size.
 */
export function checkSize({ shape: [, height, width] }: ImageBatch, imageSize: number): void {
  if (height === imageSize && width === imageSize) return;
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where: 'images',
    expected: `${imageSize} x ${imageSize} pixels`,
    got: `${height} x ${width}`,
  });
}
