import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { fuse, type Fusable, runFused, runFusedAll } from './fused.ts';
import { linear, type Linear, linearColumns, linearSpec, type Projection } from './linear.ts';
import { startsOf } from './packed-tokens.ts';
import type { Rotary } from './rotary.ts';
import { normal } from '../spec/initializer.ts';
import type { ParamsOf } from '../spec/spec.ts';

/** `inProj` gives queries, keys and values side by side: `[width, 3 width]`. */
export type Attention = { readonly inProj: Linear; readonly outProj: Linear };

/** Files leave out the biases where a model has none. */
export interface AttentionParams {
  readonly inProj: ParamsOf<Projection> & Partial<ParamsOf<Linear>>;
  readonly outProj: ParamsOf<Projection> & Partial<ParamsOf<Linear>>;
}

export interface AttentionOptions {
  /** Divides the width. */
  readonly heads: number;
  /** Added to the scores `[n, heads, queries, keys]`, broadcast: `causalMask`, `paddingMask` or one of your own. */
  readonly mask?: tf.Tensor4D | undefined;
  /** Added to the result; in its shape. */
  readonly residual?: tf.Tensor3D | undefined;
}

export interface SelfAttentionOptions extends AttentionOptions {
  /** One position of each item: the result is that of these queries alone, `[n, 1, width]`. */
  readonly at?: readonly number[] | undefined;
  /**
   * Of items whose tokens stand one after another in `x` `[1, tokens, width]`, without padding: each attends to itself alone.
   * A mask is that of the longest, `[1, 1, longest, longest]`, of which each takes the beginning.
   */
  readonly lengths?: readonly number[] | undefined;
  /** Turns queries and keys by the places of their tokens; of items one after another, each by its own. Default not at all. */
  readonly rotary?: Pick<Rotary, 'turn'> | undefined;
  /** Of what the heads have found, before the last layer. Default none. */
  readonly norm?: ((found: tf.Tensor3D) => tf.Tensor3D) | undefined;
}

/** @param outStd Standard deviation of the output weights at the start; default `width ** -0.5`, as for the inputs. */
export function attentionSpec(width: number, outStd: number = width ** -0.5): Attention {
  return {
    inProj: linearSpec(width, 3 * width, normal(width ** -0.5)),
    outProj: linearSpec(width, width, normal(outStd)),
  };
}

/** Multi-head attention of `x` `[n, length, width]` over itself; Vaswani et al. 2017, arXiv:1706.03762. */
export function selfAttention(params: AttentionParams, x: tf.Tensor3D, options: SelfAttentionOptions): tf.Tensor3D {
  const { heads, mask, residual, at, lengths, rotary, norm } = expectMembers(options, 'options', 'heads');
  const { inProj, outProj } = expectMembers(params, 'parameters', 'inProj', 'outProj');
  const projected = linear(inProj, x);
  const stacked = rotary?.turn(projected, heads) ?? projected;
  const attended = lengths ? attendToOwn(stacked, { heads, mask, lengths }) : attendToSelf(stacked, heads, mask);
  const found = at ? tokensAt(attended, at, lengths) : attended;
  return linear(outProj, norm ? norm(found) : found, { residual });
}

/**
 * One token of each item of `x` `[n, length, width]`, that at its position: `[n, 1, width]`.
 *
 * @param lengths Of items one after another; see `SelfAttentionOptions`.
 */
export function tokensAt(x: tf.Tensor3D, positions: readonly number[], lengths?: readonly number[]): tf.Tensor3D {
  expectMembers(x, 'x', 'shape');
  const [n, length, width] = x.shape;
  const rows = tf.reshape<tf.Rank.R2>(x, [n * length, width]);
  const starts = lengths && startsOf(lengths);
  const indices = Int32Array.from(positions, (position, i) => (starts?.[i] ?? i * length) + position);
  return tf.reshape(tf.gather(rows, tf.tensor1d(indices, 'int32')), [indices.length, 1, width]);
}

/** `qkv` has queries, keys and values side by side, `[n, length, 3 * width]`; gives `[n, length, width]`. */
function attendToSelf(qkv: tf.Tensor3D, heads: number, mask: tf.Tensor4D | undefined): tf.Tensor3D {
  const forward: Fusable<readonly [tf.Tensor3D, ...tf.Tensor4D[]], tf.Tensor3D> = {
    plain: (stacked, added) => plainSelfAttention(stacked, heads, added),
    fused: (stacked, added) => runFused('DiptychSelfAttention', { qkv: stacked, mask: added }, { heads }),
    gradients: (dy, stacked, added) =>
      runFusedAll('DiptychSelfAttentionGrad', { qkv: stacked, mask: added, dy }, { heads })?.map((slope, i) =>
        i === 1 ? sumTo(added.shape, slope) : slope,
      ),
  };
  return fuse(mask ? [qkv, mask] : [qkv], forward);
}

/** The same for items one after another, which are taken apart where there is no kernel for that, as for its gradient. */
function attendToOwn(
  qkv: tf.Tensor3D,
  { heads, mask, lengths }: AttentionOptions & { readonly lengths: readonly number[] },
): tf.Tensor3D {
  const fused = runFused('DiptychSelfAttention', { qkv, mask }, { heads, lengths });
  if (fused) return fused as tf.Tensor3D;
  const items = tf.split<tf.Tensor3D>(qkv, [...lengths], 1).map((item) => {
    const length = item.shape[1];
    return attendToSelf(item, heads, mask && tf.slice(mask, [0, 0, 0, 0], [-1, -1, length, length]));
  });
  return tf.concat(items, 1);
}

/** Undoes a broadcast: sums over the axes where `shape` has 1. */
function sumTo(shape: readonly number[], x: tf.Tensor): tf.Tensor {
  const axes = shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  return tf.sum(x, axes, true);
}

function plainSelfAttention(qkv: tf.Tensor3D, heads: number, mask: tf.Tensor4D | undefined): tf.Tensor3D {
  const [n, length, stacked] = qkv.shape;
  // [n, length, 3, heads, size] to three of [n, heads, length, size]
  const split = tf.transpose(tf.reshape(qkv, [n, length, 3, heads, stacked / 3 / heads]), [2, 0, 3, 1, 4]);
  const [q, k, v] = tf.unstack(split) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  return mergeHeads(tf.matMul(attentionWeights(q, k, mask), v));
}

/** Multi-head attention of `queries` `[n, queries, width]` over `context` `[n, keys, width]`; gives `[n, queries, width]`. */
export function crossAttention(
  params: ParamsOf<Attention>,
  queries: tf.Tensor3D,
  context: tf.Tensor3D,
  options: AttentionOptions,
): tf.Tensor3D {
  const { heads, mask, residual } = expectMembers(options, 'options', 'heads');
  const { inProj, outProj } = expectMembers(params, 'parameters', 'inProj', 'outProj');
  const width = inProj.weight.shape[0];
  const project = (x: tf.Tensor3D, part: number) =>
    splitHeads(linearColumns(inProj, x, [part * width, (part + 1) * width]), heads);
  const weights = attentionWeights(project(queries, 0), project(context, 1), mask);
  return linear(outProj, mergeHeads(tf.matMul(weights, project(context, 2))), { residual });
}

/**
 * How much each query attends to each key: `softmax(q kᵀ / √size + mask)`.
 *
 * @param q `[n, heads, queries, size]`.
 * @param k `[n, heads, keys, size]`.
 */
export function attentionWeights(q: tf.Tensor4D, k: tf.Tensor4D, mask?: tf.Tensor4D): tf.Tensor4D {
  const scores = tf.matMul<tf.Tensor4D>(tf.mul(q, q.shape[3] ** -0.5), k, false, true);
  return tf.softmax<tf.Tensor4D>(mask ? tf.add(scores, mask) : scores);
}

/** `[n, length, width]` to `[n, heads, length, size]`. */
export function splitHeads(x: tf.Tensor3D, heads: number): tf.Tensor4D {
  const [n, length, width] = x.shape;
  return tf.transpose(tf.reshape(x, [n, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** `[n, heads, length, size]` to `[n, length, width]`. */
function mergeHeads(x: tf.Tensor4D): tf.Tensor3D {
  const [n, heads, length, size] = x.shape;
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [n, length, heads * size]);
}
