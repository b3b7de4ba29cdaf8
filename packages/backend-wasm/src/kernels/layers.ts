import type {
  FusedLayerNorm,
  FusedLayerNormGrad,
  FusedLinear,
  FusedSelfAttention,
  FusedSelfAttentionGrad,
} from '@diptych/core';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { activationNumbers } from './activations.ts';
import { factorRoom, multiply, rightFactor } from './product.ts';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';

/** `activation(x · weight · scale + bias) + residual` in one pass; see `rightFactor` for what becomes of the weight. */
export const linear: KernelDefinition = defineKernel<FusedLinear>(
  'DiptychLinear',
  (runtime, { x, weight, scale, bias, residual }, { activation, columns }) => {
    const { kernels, addressOf } = runtime;
    const [k, n] = weight.shape.slice(-2) as [number, number];
    const shape = [...x.shape.slice(0, -1), columns ? columns[1] - columns[0] : n];
    checkShape('DiptychLinear weight', weight.shape, [...weight.shape.slice(0, -2).fill(1), x.shape.at(-1)!, n]);
    checkShape('DiptychLinear scale', scale?.shape, [n]);
    checkShape('DiptychLinear bias', bias?.shape, [n]);
    checkShape('DiptychLinear residual', residual?.shape, shape);
    const m = util.sizeFromShape(x.shape.slice(0, -1));
    const y = runtime.output(shape, 'float32');
    const room = kernels.gemmScratchBytes();
    const scratch = runtime.scratch(room + factorRoom(runtime, weight, [k, n]));
    const factor = rightFactor(runtime, weight, [k, n], () => scratch + room);
    multiply(kernels, scratch, {
      ...factor,
      a: { at: addressOf(x), row: 4 * k, column: 4 },
      to: addressOf(y),
      sizes: [m, k, n],
      scale: scale && addressOf(scale),
      bias: bias && addressOf(bias),
      activation: activation && activationNumbers[activation],
      residual: residual && addressOf(residual),
      columns,
    });
    return y;
  },
);

export const layerNorm: KernelDefinition = defineKernel<FusedLayerNorm>(
  'DiptychLayerNorm',
  ({ kernels, addressOf, output }, { x, weight, bias }, { epsilon }) => {
    const width = x.shape.at(-1)!;
    checkShape('DiptychLayerNorm weight', weight.shape, [width]);
    checkShape('DiptychLayerNorm bias', bias.shape, [width]);
    const y = output(x.shape, 'float32');
    const rows = util.sizeFromShape(x.shape.slice(0, -1));
    kernels.layerNorm(addressOf(x), addressOf(weight), addressOf(bias), addressOf(y), rows, width, epsilon);
    return y;
  },
);

export const layerNormGrad: KernelDefinition = defineKernel<FusedLayerNormGrad>(
  'DiptychLayerNormGrad',
  ({ kernels, addressOf, output }, { x, weight, dy }, { epsilon }) => {
    const width = x.shape.at(-1)!;
    checkShape('DiptychLayerNormGrad weight', weight.shape, [width]);
    checkShape('DiptychLayerNormGrad dy', dy.shape, x.shape);
    const [dx, dWeight, dBias] = [output(x.shape, 'float32'), output([width], 'float32'), output([width], 'float32')];
    kernels.layerNormGrad(
      addressOf(x),
      addressOf(weight),
      addressOf(dy),
      addressOf(dx),
      addressOf(dWeight),
      addressOf(dBias),
      util.sizeFromShape(x.shape.slice(0, -1)),
      width,
      epsilon,
    );
    return [dx, dWeight, dBias];
  },
);

/** All heads of self-attention, from queries, keys and values side by side to their merged result. */
export const selfAttention: KernelDefinition = defineKernel<FusedSelfAttention>(
  'DiptychSelfAttention',
  (runtime, { qkv, mask }, { heads, lengths }) => {
    const { kernels, addressOf } = runtime;
    const [items, tokens, stacked] = qkv.shape as [number, number, number];
    const starts = lengths && startsOf(lengths);
    checkShape('DiptychSelfAttention qkv', starts && qkv.shape, [1, starts?.at(-1) ?? 0, stacked]);
    const n = lengths?.length ?? items;
    const length = lengths?.reduce((most, own) => Math.max(most, own), 0) ?? tokens;
    checkMask(mask, [lengths ? 1 : n, heads, length, length]);
    const [width, row] = [stacked / 3, 4 * stacked];
    const y = runtime.output([items, tokens, width], 'float32');
    const q = addressOf(qkv);
    const room = kernels.attentionScratchBytes(length, length, width / heads) >>> 0;
    const scratch = runtime.scratch(room + 4 * (n + 1));
    if (starts) new Int32Array(runtime.memory.buffer, scratch + room, n + 1).set(starts);
    kernels.attention({
      q,
      qRow: row,
      k: q + 4 * width,
      v: q + 8 * width,
      kRow: row,
      to: addressOf(y),
      n,
      heads,
      queries: length,
      keys: length,
      size: width / heads,
      mask: mask ? addressOf(mask) : 0,
      ...maskSteps(mask),
      starts: starts ? scratch + room : 0,
      scratch,
    });
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
    const [toKeys, toValues] = [4 * width, 8 * width];
    kernels.attentionGrad({
      q,
      k: q + toKeys,
      v: q + toValues,
      row: 4 * stacked,
      dy: addressOf(dy),
      dq,
      dk: dq + toKeys,
      dv: dq + toValues,
      n,
      heads,
      length,
      size: width / heads,
      mask: mask ? addressOf(mask) : 0,
      ...maskSteps(mask),
      dScores: dMask ? addressOf(dMask) : 0,
      scratch: runtime.scratch(kernels.attentionGradScratchBytes(length, width / heads) >>> 0),
    });
    return dMask ? [dqkv, dMask] : dqkv;
  },
);

/** Where items of these lengths begin, one after another, and where the last ends. */
function startsOf(lengths: readonly number[]): number[] {
  let end = 0;
  return [0, ...lengths.map((length) => (end += length))];
}

function checkMask(mask: TensorInfo | undefined, full: readonly number[]): void {
  const repeated = full.map((size, axis) => (axis < 3 && mask?.shape[axis] === 1 ? 1 : size));
  checkShape('DiptychSelfAttention mask', mask?.shape, repeated);
}

/** Bytes from one item, head and query to the next in a mask `[n, heads, queries, keys]`, 0 along axes of size 1. */
function maskSteps(mask: TensorInfo | undefined): Record<'maskItem' | 'maskHead' | 'maskQuery', number> {
  if (!mask) return { maskItem: 0, maskHead: 0, maskQuery: 0 };
  const [n, heads, queries, keys] = mask.shape as [number, number, number, number];
  const step = (size: number, bytes: number) => (size === 1 ? 0 : bytes);
  return {
    maskItem: step(n, 4 * heads * queries * keys),
    maskHead: step(heads, 4 * queries * keys),
    maskQuery: step(queries, 4 * keys),
  };
}
