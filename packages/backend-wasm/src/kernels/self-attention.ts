import type { FusedSelfAttention, FusedSelfAttentionGrad } from '@diptych/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { checkShape } from './check-shape.ts';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';

/** All heads of self-attention, from queries, keys and values side by side to their merged result. */
export const selfAttention: KernelDefinition = defineKernel<FusedSelfAttention>(
  'DiptychSelfAttention',
  (runtime, { qkv, mask }, { heads }) => {
    const { kernels, addressOf } = runtime;
    const [n, length, stacked] = qkv.shape as [number, number, number];
    checkMask(mask, [n, heads, length, length]);
    const [width, row] = [stacked / 3, 4 * stacked];
    const y = runtime.output([n, length, width], 'float32');
    const q = addressOf(qkv);
    const scratch = runtime.scratch(kernels.attentionScratchBytes(length, length, width / heads) >>> 0);
    kernels.attention(
      q,
      row,
      q + 4 * width,
      q + 8 * width,
      row,
      addressOf(y),
      n,
      heads,
      length,
      length,
      width / heads,
      mask ? addressOf(mask) : 0,
      ...maskSteps(mask),
      scratch,
    );
    return y;
  },
);

/** Its gradient; the weights are computed again rather than kept. */
export const selfAttentionGrad: KernelDefinition = defineKernel<FusedSelfAttentionGrad>(
  'DiptychSelfAttentionGrad',
  (runtime, { qkv, mask, dy }, { heads }) => {
    const { kernels, addressOf } = runtime;
    const [n, length, stacked] = qkv.shape as [number, number, number];
    const width = stacked / 3;
    checkMask(mask, [n, heads, length, length]);
    checkShape('DiptychSelfAttentionGrad dy', dy.shape, [n, length, width]);
    const dqkv = runtime.output(qkv.shape, 'float32');
    const dMask = mask && runtime.output([n, heads, length, length], 'float32');
    const [q, dq] = [addressOf(qkv), addressOf(dqkv)];
    const [k, v] = [4 * width, 8 * width];
    kernels.attentionGrad(
      q,
      q + k,
      q + v,
      4 * stacked,
      addressOf(dy),
      dq,
      dq + k,
      dq + v,
      n,
      heads,
      length,
      width / heads,
      mask ? addressOf(mask) : 0,
      ...maskSteps(mask),
      dMask ? addressOf(dMask) : 0,
      runtime.scratch(kernels.attentionGradScratchBytes(length, width / heads) >>> 0),
    );
    return dMask ? [dqkv, dMask] : dqkv;
  },
);

function checkMask(mask: TensorInfo | undefined, full: readonly number[]): void {
  const repeated = full.map((size, axis) => (axis < 3 && mask?.shape[axis] === 1 ? 1 : size));
  checkShape('DiptychSelfAttention mask', mask?.shape, repeated);
}

/** Bytes from one item, head and query to the next in a mask `[n, heads, queries, keys]`, 0 along axes of size 1. */
function maskSteps(mask: TensorInfo | undefined): readonly [item: number, head: number, query: number] {
  if (!mask) return [0, 0, 0];
  const [n, heads, queries, keys] = mask.shape as [number, number, number, number];
  const step = (size: number, bytes: number) => (size === 1 ? 0 : bytes);
  return [step(n, 4 * heads * queries * keys), step(heads, 4 * queries * keys), step(queries, 4 * keys)];
}
