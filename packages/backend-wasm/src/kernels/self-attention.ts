import type { FusedSelfAttention } from '@diptych/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { checkShape } from './check-shape.ts';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';

/** All heads of self-attention, from queries, keys and values side by side to their merged result. */
export const selfAttention: KernelDefinition = defineKernel<FusedSelfAttention>(
  'DiptychSelfAttention',
  (runtime, { qkv, mask }, { heads }) => {
    const { kernels, addressOf } = runtime;
    const [n, length, stacked] = qkv.shape as [number, number, number];
    const full = [n, heads, length, length];
    const repeated = full.map((size, axis) => (axis < 3 && mask?.shape[axis] === 1 ? 1 : size));
    checkShape('DiptychSelfAttention mask', mask?.shape, repeated);
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

/** Bytes from one item, head and query to the next in a mask `[n, heads, queries, keys]`, 0 along axes of size 1. */
function maskSteps(mask: TensorInfo | undefined): readonly [item: number, head: number, query: number] {
  if (!mask) return [0, 0, 0];
  const [n, heads, queries, keys] = mask.shape as [number, number, number, number];
  const step = (size: number, bytes: number) => (size === 1 ? 0 : bytes);
  return [step(n, 4 * heads * queries * keys), step(heads, 4 * queries * keys), step(queries, 4 * keys)];
}
