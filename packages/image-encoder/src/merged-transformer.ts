import { EmbeddingError, expectMembers } from '@diptych/core';
import {
  activation,
  customGradient,
  inTurn,
  l2Normalize,
  layerNorm,
  mlp,
  type ParamsOf,
  preNormBlock,
  selfAttention,
  type TransformerBlock,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { RunBlocks, VitConfig } from './vit.ts';

/** Tokens `[n, length, width]`, and of how many first ones each is the mean, `[n, length]`. */
type Merged = { readonly x: tf.Tensor3D; readonly sizes: tf.Tensor2D };

/**
 * Token merging, Bolya et al. 2023, arXiv:2210.09461: between attention and perceptron of each block but the last, the `count` tokens
 * that are most like another become one with it. Alike are two whose keys, as the mean over the heads, have a high cosine; every
 * other token may join one of the rest, and the class token, which is the first, joins none. A token stands for all that it was
 * made of: it is their mean, and attention counts it as often. Of equals the earlier joins.
 *
 * The embeddings are near those of `transformer`, and not comparable with them to the last digits. The choice of pairs has no
 * gradient, all else has.
 *
 * @param count Above 0. What it gives takes images of at least as many patches as `imageSize` has, and `at` of class tokens alone.
 * @throws {EmbeddingError} `INPUT_INVALID` where so many are not left at the last block but one.
 */
export function mergedTransformer(
  config: Pick<VitConfig, 'layers' | 'imageSize' | 'patchSize'>,
  count: number,
): RunBlocks {
  const { layers, imageSize, patchSize } = expectMembers(config, 'config', 'layers', 'imageSize', 'patchSize');
  expectCount(count, Math.floor(imageSize / patchSize) ** 2, layers);
  return ({ heads, activation: act, layerNormEpsilon }, blocks, x, options) => {
    const [n, length] = x.shape;
    expectCount(count, length - 1, blocks.length);
    const each = { heads, layerNormEpsilon, activation: activation(act) };
    const step = (params: ParamsOf<TransformerBlock>, i: number) => (state: Merged) => {
      const mask = tf.reshape<tf.Rank.R4>(tf.log(state.sizes), [n, 1, 1, -1]);
      if (i + 1 < blocks.length) return mergingBlock(params, state, { ...each, mask, count });
      return { ...state, x: preNormBlock(params, state.x, { ...each, mask, at: options.at }) };
    };
    return inTurn(blocks.map(step), { x, sizes: tf.ones<tf.Rank.R2>([n, length]) }).x;
  };
}

/** In the last block but one, of `patches - count * (layers - 2)`, half may join the other half. */
function expectCount(count: number, patches: number, layers: number): void {
  const most = Math.floor(patches / layers);
  if (Number.isSafeInteger(count) && count > 0 && count <= most) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'mergeTokens',
    expected: `a whole number up to ${most}, of ${patches} patches in ${layers} blocks`,
    got: count,
  });
}

interface MergingOptions {
  readonly heads: number;
  readonly layerNormEpsilon: number;
  readonly activation: ReturnType<typeof activation>;
  /** Logarithms of the sizes. */
  readonly mask: tf.Tensor4D;
  readonly count: number;
}

function mergingBlock(params: ParamsOf<TransformerBlock>, { x, sizes }: Merged, options: MergingOptions): Merged {
  const { heads, mask, count, layerNormEpsilon, activation: act } = options;
  const [n, length] = x.shape;
  let groups: tf.Tensor1D | undefined;
  const turn = (qkv: tf.Tensor3D): tf.Tensor3D => {
    groups = constant(() => groupsOf(meanKeys(qkv, heads), count));
    return qkv;
  };
  const normed = layerNorm(params.norm1, x, layerNormEpsilon);
  const attended = selfAttention(params.attention, normed, { heads, mask, residual: x, rotary: { turn } });
  const sumOf = (rows: tf.Tensor) => tf.unsortedSegmentSum(rows, groups!, n * (length - count));
  const ofEach = tf.reshape<tf.Rank.R2>(sizes, [n * length, 1]);
  const [total, weight] = [sumOf(tf.mul(tf.reshape(attended, [n * length, -1]), ofEach)), sumOf(ofEach)];
  const means = tf.reshape<tf.Rank.R3>(tf.div(total, weight), [n, length - count, -1]);
  const after = layerNorm(params.norm2, means, layerNormEpsilon);
  return { x: mlp(params.mlp, after, act, means), sizes: tf.reshape(weight, [n, -1]) };
}

/** What `make` gives, of which no gradient is recorded. */
function constant(make: () => tf.Tensor1D): tf.Tensor1D {
  return customGradient([tf.scalar(0)], () => ({ value: make(), gradFunc: () => tf.scalar(0) }));
}

/** `[n, length, size]` of queries, keys and values side by side. */
function meanKeys(qkv: tf.Tensor3D, heads: number): tf.Tensor3D {
  const [n, length, stacked] = qkv.shape;
  const keys = tf.slice(qkv, [0, 0, stacked / 3], [-1, -1, stacked / 3]);
  return tf.mean(tf.reshape(keys, [n, length, heads, -1]), 2);
}

/** For each token of all items, the place of its group among all that are left. */
function groupsOf(keys: tf.Tensor3D, count: number): tf.Tensor1D {
  const [n, length] = keys.shape;
  const unit = l2Normalize(keys);
  const [odd, even] = [places(1, length), places(2, length)];
  const likeness = tf.matMul(tf.gather(unit, even, 1), tf.gather(unit, odd, 1), false, true);
  // Of equals `topk` takes the earlier.
  const { indices } = tf.topk(tf.max<tf.Tensor2D>(likeness, 2), count);
  const joins = tf.cast(tf.sum(tf.oneHot(indices, even.size, 1, 0, 'float32'), 1), 'bool');
  // In the order of the paper's code: even ones that stay, the class token before them, then odd ones.
  const staying = even.size + 1 - count;
  const ahead = tf.cumsum(tf.cast(tf.logicalNot(joins), 'int32'), 1, true);
  const ofEven = tf.where(
    joins,
    tf.add(tf.argMax(likeness, 2), tf.scalar(staying, 'int32')),
    tf.add(ahead, tf.scalar(1, 'int32')),
  );
  const ofOdd = tf.tile(tf.reshape(tf.range(staying, length - count, 1, 'int32'), [1, -1]), [n, 1]);
  const sorted = tf.concat([tf.zeros([n, 1], 'int32'), ofEven, ofOdd], 1);
  const within = tf.gather(sorted, inTheirPlaces(length), 1);
  const starts = tf.range(0, n * (length - count), length - count, 'int32');
  return tf.reshape(tf.add(within, tf.reshape(starts, [n, 1])), [-1]);
}

/** Every other place from `begin` on. */
function places(begin: number, length: number): tf.Tensor1D {
  return tf.range(begin, length, 2, 'int32');
}

/** Where each token stands in the list of even ones and then odd ones. */
function inTheirPlaces(length: number): tf.Tensor1D {
  const evens = Math.ceil(length / 2);
  const at = Int32Array.from({ length }, (_, i) => (i % 2) * evens + Math.floor(i / 2));
  return tf.tensor1d(at, 'int32');
}
