import { backend_util } from '@tensorflow/tfjs-core';
import { EmbeddingError } from '@diptych/core';
import type { Address } from './tfjs-inside.ts';
import type { Runtime } from './runtime.ts';

type Shape4 = readonly [number, number, number, number];

/** How a filter moves, as tfjs's operations have it. */
export interface FilterAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  /** Null where tfjs-layers was told of none. */
  readonly dilations?: [number, number] | number | null;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Some rows of it. */
export interface Block {
  readonly first: number;
  readonly count: number;
}

/** What a filter meets at each place, as a matrix `[rows, length]`. */
export interface Windows {
  readonly info: backend_util.Conv2DInfo;
  readonly rows: number;
  readonly length: number;
  /** Places that are worked on at once: their part of the matrix stays in the second cache. */
  readonly blocks: readonly Block[];
  /** The matrix is the images themselves: nothing overlaps, nothing is outside. */
  readonly plain: boolean;
  /** Numbers of the largest block. */
  readonly blockBytes: number;
}

const BLOCK_BYTES = 2 ** 20;

/** @throws {EmbeddingError} `SHAPE_MISMATCH` when channels come first, or the filter is larger than the images. */
export function windowsOf(
  x: readonly number[],
  filter: readonly number[],
  attributes: FilterAttributes,
  depthwise = false,
): Windows {
  const { strides, pad, dilations, dataFormat = 'NHWC', dimRoundingMode } = attributes;
  if (dataFormat !== 'NHWC') {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'convolution',
      expected: 'the channels last, NHWC',
      got: dataFormat,
    });
  }
  const info = backend_util.computeConv2DInfo(
    x as Shape4 as [number, number, number, number],
    filter as Shape4 as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  if (info.outHeight < 0 || info.outWidth < 0) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'convolution',
      expected: `images of at least [${filter}]`,
      got: `[${x}]`,
    });
  }
  const rows = info.batchSize * info.outHeight * info.outWidth;
  const length = info.filterHeight * info.filterWidth * info.inChannels;
  const height = mostRows(rows, length);
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const padding = padInfo.top + padInfo.left + padInfo.bottom + padInfo.right;
  const plain = filterHeight * filterWidth * strideHeight * strideWidth === 1 && padding === 0;
  const blocks = blocksOf({ first: 0, count: rows }, length);
  return { info, rows, length, blocks, plain, blockBytes: plain ? 0 : 4 * length * height };
}

function mostRows(rows: number, length: number): number {
  return Math.max(1, Math.min(rows, 768, Math.floor(BLOCK_BYTES / (4 * length))));
}

/** Rows in blocks that are worked on at once, none larger than those of all rows. */
export function blocksOf({ first, count: rows }: Block, length: number): Block[] {
  const count = Math.max(1, Math.ceil(rows / mostRows(rows, length)));
  const edge = (i: number) => first + Math.floor((i * rows) / count);
  return Array.from({ length: count }, (_, i) => ({ first: edge(i), count: edge(i + 1) - edge(i) }));
}

/** Tells the kernels how a filter moves, for all that go by it. */
export function setMoves({ kernels }: Runtime, info: backend_util.Conv2DInfo): void {
  kernels.filterMoves({
    imageHeight: info.inHeight,
    imageWidth: info.inWidth,
    depth: info.inChannels,
    newHeight: info.outHeight,
    newWidth: info.outWidth,
    sizeY: info.filterHeight,
    sizeX: info.filterWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
    stepY: info.strideHeight,
    stepX: info.strideWidth,
    spreadY: info.dilationHeight,
    spreadX: info.dilationWidth,
  });
}

/** Where one block of the matrix lies; it is made in `room` unless it is there already. */
export function readBlock(
  { kernels }: Runtime,
  { plain, length }: Windows,
  images: Address,
  { first, count }: Block,
  room: Address,
): Address {
  if (plain) return images + 4 * first * length;
  kernels.readPatches(images, room, first, count);
  return room;
}
