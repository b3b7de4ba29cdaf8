import { backend_util, getKernel, Mean, Sum, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition, type Runtime } from './runtime.ts';

interface Reduction {
  readonly inputs: { readonly x: TensorInfo };
  readonly attrs: { readonly axis: number | number[]; readonly keepDims: boolean };
}

/**
 * Sums over any axes, in runs whose sums are added up: of a million terms, six digits are right. Takes the place of tfjs's
 * own, which loses a digit more and moves the axes to the end first.
 */
export const sum: KernelDefinition = reduction(Sum, (runtime, x, axes) => sums(runtime, x, axes));

export const mean: KernelDefinition = reduction(Mean, (runtime, x, axes) => {
  const y = sums(runtime, x, axes);
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  if (count !== 1) runtime.kernels.divide(runtime.addressOf(y), util.sizeFromShape(y.shape), count);
  return y;
});

/** Integers are left to the kernel that was there before. */
function reduction(
  name: string,
  reduce: (runtime: Runtime, x: TensorInfo, axes: readonly number[]) => TensorInfo,
): KernelDefinition {
  return (runtime) => {
    const before = getKernel(name, 'wasm');
    return defineKernel<Reduction>(name, (_, { x }, attrs) => {
      if (x.dtype !== 'float32') {
        return before.kernelFunc({ inputs: { x }, attrs: { ...attrs }, backend: runtime.backend });
      }
      const axes = util.parseAxisParam(attrs.axis, x.shape);
      const y = reduce(runtime, x, axes);
      const shape = x.shape.filter((_size, axis) => !axes.includes(axis));
      return { ...y, shape: attrs.keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape };
    })(runtime);
  };
}

/** In whatever shape; the caller knows better. */
function sums(runtime: Runtime, x: TensorInfo, axes: readonly number[]): TensorInfo {
  const { backend } = runtime;
  let parts = partsOf(x.shape, axes);
  let y = x;
  for (;;) {
    const at = parts.findLastIndex(({ summed }) => summed);
    if (at < 0) break;
    const sizes = parts.map(({ size }) => size);
    const [outer, inner] = [util.sizeFromShape(sizes.slice(0, at)), util.sizeFromShape(sizes.slice(at + 1))];
    const next = sumMiddle(runtime, y, [outer, sizes[at]!, inner]);
    if (y !== x) backend.disposeData(y.dataId);
    y = next;
    parts = parts.toSpliced(at, 1);
  }
  if (y === x) backend.incRef(x.dataId);
  return y;
}

/** The axes that are longer than 1, those side by side with the same fate as one. */
function partsOf(shape: readonly number[], axes: readonly number[]) {
  const parts: { size: number; summed: boolean }[] = [];
  for (const [axis, size] of shape.entries()) {
    const summed = axes.includes(axis);
    const last = parts.at(-1);
    if (size === 1) continue;
    if (last?.summed === summed) last.size *= size;
    else parts.push({ size, summed });
  }
  return parts;
}

function sumMiddle(
  { kernels, addressOf, output }: Runtime,
  x: TensorInfo,
  [outer, size, inner]: readonly [outer: number, size: number, inner: number],
): TensorInfo {
  const y = output([outer * inner], 'float32');
  const [from, to] = [addressOf(x), addressOf(y)];
  if (inner === 1) kernels.rowSums(from, to, outer, size);
  else {
    for (let i = 0; i < outer; i++) kernels.columnSums(from + 4 * i * size * inner, to + 4 * i * inner, size, inner);
  }
  return y;
}
