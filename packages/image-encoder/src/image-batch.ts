import { EmbeddingError, expectList, expectMembers, type ImageBatch, quote } from '@diptych/core';
import {
  type Grid,
  type Param,
  type ParamsOf,
  patchEmbedding,
  type PatchProjection,
  type PositionResize,
  resizePositions,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The pixels of a batch, `[n, height, width, 3]`.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they are not RGB or their number is not that of the shape; `INPUT_INVALID` when
 *   they are no `Float32Array`.
 */
export function pixelsOf(batch: ImageBatch): tf.Tensor4D {
  checkPixels(batch);
  return tf.tensor4d(batch.pixels, [...batch.shape]);
}

function expectImages(batch: ImageBatch): ImageBatch {
  expectList(expectMembers(batch, 'images', 'pixels', 'shape').shape, 'images: shape');
  return batch;
}

/** @throws {EmbeddingError} as `pixelsOf` does. */
export function checkPixels(batch: ImageBatch): void {
  const { pixels, shape } = expectImages(batch);
  const [n, height, width, channels] = shape;
  if (!(shape.length === 4 && [n, height, width].every((side) => Number.isSafeInteger(side) && side > 0)))
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'images', expected: 'a shape of four sides', got: shape });
  if (!/Float(?:32|64)Array\]$/.test(Object.prototype.toString.call(pixels)))
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'images: pixels',
      expected: 'a Float32Array',
      got: quote(pixels),
    });
  if (channels !== 3)
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'images', expected: '3 channels', got: channels });
  if (pixels.length !== n * height * width * channels) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'images',
      expected: `as many values as [${shape}] has`,
      got: pixels.length,
    });
  }
}

/**
 * For networks whose last layers belong to one size.
 *
 * @param imageSize Side of the square images in pixels.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` for images of another size.
 */
export function checkSize(batch: ImageBatch, imageSize: number): void {
  const [, height, width] = expectImages(batch).shape;
  if (height === imageSize && width === imageSize) return;
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where: 'images',
    expected: `${imageSize} x ${imageSize} pixels`,
    got: `${height} x ${width}`,
  });
}

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
export function patchGrid(batch: ImageBatch, { patchSize }: Pick<PatchGrid, 'patchSize'>): Grid {
  const [, height, width] = expectImages(batch).shape;
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
  positions: tf.Tensor2D,
  grid: Grid,
  { imageSize, patchSize, positionResize }: PatchGrid,
): tf.Tensor2D {
  const side = Math.floor(imageSize / patchSize);
  return resizePositions(positions, [side, side], grid, positionResize);
}

/** What makes tokens of an image: its patches, and before them one that belongs to no place. */
export type PlacedTokens = {
  readonly patchEmbedding: PatchProjection & { readonly bias?: Param<readonly [number]> };
  /** `[width]`. */
  readonly classToken: Param<readonly [number]>;
  /** `[1 + patches, width]`, the class token's first. */
  readonly positions: Param<readonly [number, number]>;
};

type MaybeClassed = Omit<ParamsOf<PlacedTokens>, 'classToken'> & Partial<Pick<ParamsOf<PlacedTokens>, 'classToken'>>;

/**
 * The class token, where there is one, and one token for each patch, each told its place, `[n, 1 + patches, width]`.
 *
 * Throws `SHAPE_MISMATCH` when patches do not cover the images or their channels are not red, green, blue.
 */
export function placedTokens(
  config: PatchGrid,
  { classToken, ...params }: MaybeClassed,
  batch: ImageBatch,
): tf.Tensor3D {
  const grid = patchGrid(batch, config);
  // [n, height, width, 3] pixels to [n, patches, width], left to right and top to bottom
  const patches = patchEmbedding(params.patchEmbedding, pixelsOf(batch));
  if (!classToken) return tf.add(patches, positionsFor(params.positions, grid, config));
  const tokens = tf.concat([repeated(classToken, batch.shape[0]), patches], 1);
  // Attention knows no order, so each token is told its place: the same in every image.
  return tf.add(tokens, positionsOf(params, grid, config));
}

/** One token `[width]`, or several `[tokens, width]`, for each of `n` images: `[n, tokens, width]`. */
export function repeated(tokens: tf.Tensor1D | tf.Tensor2D, n: number): tf.Tensor3D {
  const width = tokens.shape.at(-1)!;
  return tf.tile(tf.reshape<tf.Rank.R3>(tokens, [1, -1, width]), [n, 1, 1]);
}

/** `[1 + patches, width]` for a grid. The class token has a place of its own, whatever the size of the image. */
function positionsOf(
  { positions }: Pick<ParamsOf<PlacedTokens>, 'positions'>,
  grid: Grid,
  config: PatchGrid,
): tf.Tensor2D {
  if (positions.shape[0] === 1 + grid[0] * grid[1] && grid[0] === grid[1]) return positions;
  const [ofClass, ofPatches] = [tf.slice(positions, [0, 0], [1, -1]), tf.slice(positions, [1, 0], [-1, -1])];
  return tf.concat([ofClass, positionsFor(ofPatches, grid, config)]);
}
