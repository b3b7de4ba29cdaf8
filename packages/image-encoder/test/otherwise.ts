import * as tf from '@tensorflow/tfjs-core';

/** Where each column of queries and keys comes from, so that those which turn as neighbours are what halves would be. */
function asHalves(width: number, heads: number): number[] {
  const each = width / heads;
  return Array.from({ length: 3 * width }, (_, column) => {
    if (column >= 2 * width) return column;
    const within = column % each;
    return column - within + (within % 2) * (each / 2) + Math.floor(within / 2);
  });
}

interface Stacked {
  readonly weight: tf.Tensor2D;
  readonly bias?: tf.Tensor1D;
}

/** Blocks whose queries and keys turn by halves; values as they were. */
export function turnedOtherwise<
  B extends { readonly attention: { readonly inProj: Stacked; readonly inBias?: tf.Tensor1D } },
>(blocks: readonly B[], { width, heads }: { readonly width: number; readonly heads: number }): B[] {
  const order = asHalves(width, heads);
  const queries = order.slice(0, width);
  return blocks.map((block) => {
    const { inProj, inBias } = block.attention;
    const { weight, bias } = inProj;
    const own = { weight: tf.gather(weight, order, 1), ...(bias && { bias: tf.gather(bias, order) }) };
    const parts = inBias && tf.split(inBias, 2);
    const turned = parts && { inBias: tf.concat([tf.gather(parts[0]!, queries), parts[1]!]) };
    return { ...block, attention: { ...block.attention, inProj: { ...inProj, ...own }, ...turned } };
  });
}

/** The mean of the tokens from `first` on. */
export const meanFrom = (states: tf.Tensor3D, first: number): tf.Tensor2D =>
  tf.mean(tf.slice(states, [0, first, 0], [-1, -1, -1]), 1);
export const firstOf = (states: tf.Tensor3D): tf.Tensor2D => tf.squeeze(tf.slice(states, [0, 0, 0], [-1, 1, -1]), [1]);

/** Blocks with gates and values of their perceptrons the other way round. */
export function exchanged<B extends { readonly mlp: { readonly fc1: Stacked } }>(blocks: readonly B[]): B[] {
  return blocks.map((block) => {
    const { fc1 } = block.mlp;
    const swap = (x: tf.Tensor): tf.Tensor => tf.concat(tf.split(x, 2, x.rank - 1).toReversed(), x.rank - 1);
    const own = { weight: swap(fc1.weight), ...(fc1.bias && { bias: swap(fc1.bias) }) };
    return { ...block, mlp: { ...block.mlp, fc1: { ...fc1, ...own } } };
  });
}
