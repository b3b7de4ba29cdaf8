import { EmbeddingError, expectMembers } from '@diptych/core';
import {
  activation,
  gatherRows,
  inTurn,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  normal,
  param,
  type Param,
  type ParamsOf,
  preNormBlock,
  type Projection,
  projectionSpec,
  type TransformerBlock,
  transformerSpec,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Stages of Swin, Liu et al. 2021, arXiv:2103.14030, over a square of tokens. */
export interface SwinConfig {
  /** Rows, and columns, of the tokens before the first stage. */
  readonly side: number;
  /** Rows, and columns, of a window, within which tokens see each other; every second block has them shifted by half. */
  readonly window: number;
  /** Of a token before the first stage; each next one has twice as many. */
  readonly width: number;
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Of each stage. */
  readonly heads: readonly number[];
  /** Width of an MLP, as a multiple of a token's. */
  readonly mlpRatio: number;
  readonly activation: string;
  readonly layerNormEpsilon: number;
}

type SwinBlock = TransformerBlock & {
  /** What is added to scores by how far, down and to the right, a key is from its query, `[(2 window - 1) ** 2, heads]`. */
  readonly relative: Param<readonly [number, number]>;
};

export type SwinStage = {
  readonly blocks: readonly SwinBlock[];
  /** Of four tokens to one; the last stage has none. */
  readonly downsample?: { readonly norm: LayerNorm; readonly reduction: Projection };
};

/** Of the norms between stages and at the ends, whatever those of the blocks have. */
export const swinEpsilon = 1e-5;

/**
 * @throws {EmbeddingError} `CONFIG_INVALID` when a stage has no heads that divide its width, the activation is unknown, or
 *   windows do not cover a stage.
 */
export function swinSpec(config: SwinConfig): readonly SwinStage[] {
  const { side, window, depths, heads, mlpRatio } = expectMembers(config, 'config', 'depths', 'heads');
  return depths.map((layers, i): SwinStage => {
    const width = config.width * 2 ** i;
    const own = side / 2 ** i;
    if (!(Number.isSafeInteger(own / window) && own >= window)) {
      const expected = `a side of tokens that windows of ${window} cover in ${depths.length} stages`;
      throw new EmbeddingError('CONFIG_INVALID', { where: 'swin', expected, got: side });
    }
    const blocks = transformerSpec({
      ...config,
      width,
      layers,
      heads: heads[i]!,
      mlpWidth: Math.floor(width * mlpRatio),
    });
    const relative = param([(2 * window - 1) ** 2, heads[i]!], normal(0.02));
    return {
      blocks: blocks.map((block) => ({ ...block, relative })),
      ...(i + 1 < depths.length && {
        downsample: { norm: layerNormSpec(4 * width), reduction: projectionSpec(4 * width, 2 * width) },
      }),
    };
  });
}

/** All stages over tokens `[n, side * side, width]`, row by row. */
export function swinStages(
  config: SwinConfig,
  stages: ParamsOf<readonly SwinStage[]>,
  tokens: tf.Tensor3D,
): tf.Tensor3D {
  const { heads, layerNormEpsilon } = config;
  const act = activation(config.activation);
  const steps = stages.flatMap(({ blocks, downsample }, i) => {
    const side = config.side / 2 ** i;
    const options = { heads: heads[i]!, activation: act, layerNormEpsilon };
    return [
      ...blocks.map((block, j) => (x: tf.Tensor3D) => {
        // One window that covers all is not shifted.
        const shift = j % 2 === 1 && side > config.window ? Math.floor(config.window / 2) : 0;
        return inWindows(x, { side, window: config.window, shift }, (windows, mask) =>
          preNormBlock(block, windows, { ...options, mask: mask(block.relative) }),
        );
      }),
      ...(downsample ? [(x: tf.Tensor3D) => merged(downsample, x, side)] : []),
    ];
  });
  return inTurn(steps, tokens);
}

interface Windows {
  readonly side: number;
  readonly window: number;
  readonly shift: number;
}

/**
 * Tokens `[n, side * side, width]` taken apart into windows `[n * windows, window * window, width]`, put through `block`, and back
 * in their places.
 */
function inWindows(
  x: tf.Tensor3D,
  at: Windows,
  block: (windows: tf.Tensor3D, mask: (relative: tf.Tensor2D) => tf.Tensor4D) => tf.Tensor3D,
): tf.Tensor3D {
  const [n, count, width] = x.shape;
  const order = windowOrder(at);
  const back = new Int32Array(count);
  for (const [place, token] of order.entries()) back[token] = place;
  const windows = tf.reshape<tf.Rank.R3>(tokensOf(x, order), [-1, at.window ** 2, width]);
  const mask = (relative: tf.Tensor2D) => {
    const own = relativeMask(relative, at.window);
    return at.shift === 0 ? own : tf.tile(tf.add<tf.Tensor4D>(own, regionMask(order, at)), [n, 1, 1, 1]);
  };
  return tokensOf(tf.reshape(block(windows, mask), [n, count, width]), back);
}

/** The tokens of each item of `x` `[n, tokens, width]` in the order of `places`. */
function tokensOf(x: tf.Tensor3D, places: Int32Array): tf.Tensor3D {
  const [n, count, width] = x.shape;
  const all = Int32Array.from({ length: n * places.length }, (_, i) => {
    const item = Math.floor(i / places.length);
    return item * count + places[i - item * places.length]!;
  });
  return tf.reshape(gatherRows(tf.reshape(x, [n * count, width]), all), [n, places.length, width]);
}

/** Which token stands at each place of each window, when the square is moved up and to the left by `shift`, round its ends. */
function windowOrder({ side, window, shift }: Windows): Int32Array {
  const across = side / window;
  return Int32Array.from({ length: side * side }, (_, i) => {
    const [own, place] = [Math.floor(i / window ** 2), i % window ** 2];
    const row = Math.floor(own / across) * window + Math.floor(place / window);
    const column = (own % across) * window + (place % window);
    return ((row + shift) % side) * side + ((column + shift) % side);
  });
}

/** `[1, heads, window ** 2, window ** 2]`. */
function relativeMask(table: tf.Tensor2D, window: number): tf.Tensor4D {
  const tokens = window ** 2;
  const places = Int32Array.from({ length: tokens * tokens }, (_, i) => {
    const [query, key] = [Math.floor(i / tokens), i % tokens];
    const down = Math.floor(query / window) - Math.floor(key / window) + window - 1;
    const right = (query % window) - (key % window) + window - 1;
    return down * (2 * window - 1) + right;
  });
  const byQuery = tf.reshape<tf.Rank.R4>(gatherRows(table, places), [1, tokens, tokens, table.shape[1]]);
  return tf.transpose(byQuery, [0, 3, 1, 2]);
}

/** What the reference takes from scores of tokens that only the ends of the square have brought together. */
const apart = -100;

/** `[windows, 1, window ** 2, window ** 2]`. */
function regionMask(order: Int32Array, { side, window, shift }: Windows): tf.Tensor4D {
  // The last windows have tokens of both ends.
  const region = (place: number) => Number(place < shift);
  const kinds = order.map((token) => 2 * region(Math.floor(token / side)) + region(token % side));
  const tokens = window ** 2;
  const values = new Float32Array(order.length * tokens);
  for (let i = 0; i < order.length; i++) {
    const begin = i - (i % tokens);
    for (let key = 0; key < tokens; key++) values[i * tokens + key] = kinds[begin + key] === kinds[i] ? 0 : apart;
  }
  return tf.tensor4d(values, [order.length / tokens, 1, tokens, tokens]);
}

/** Each square of four tokens to one, `[n, side * side / 4, 2 * width]`. */
function merged(
  { norm, reduction }: ParamsOf<NonNullable<SwinStage['downsample']>>,
  x: tf.Tensor3D,
  side: number,
): tf.Tensor3D {
  const half = side / 2;
  // The left two of a square, then the right two, each from above.
  const places = Int32Array.from({ length: side * side }, (_, i) => {
    const [square, corner] = [i >> 2, i & 3];
    const row = 2 * Math.floor(square / half) + (corner & 1);
    return row * side + 2 * (square % half) + (corner >> 1);
  });
  const squares = tf.reshape<tf.Rank.R3>(tokensOf(x, places), [x.shape[0], half * half, 4 * x.shape[2]]);
  return linear(reduction, layerNorm(norm, squares, swinEpsilon));
}
