import { backend_util, Slice, slice_util, SplitV, type TensorInfo, Unpack, util } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';
import type { Runtime } from './runtime.ts';

// They take the place of tfjs's own, which copy the whole tensor for each part of it.

/** A part of a tensor. */
export const slice: KernelDefinition = defineKernel<{
  readonly inputs: { readonly x: TensorInfo };
  readonly attrs: { readonly begin: number | number[]; readonly size: number | number[] };
}>(Slice, (runtime, { x }, { begin, size }) => {
  const [from, count] = slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
  slice_util.assertParamsValid(x, from, count);
  return partOf(runtime, x, from, count);
});

/** Parts side by side along one axis. */
export const splitV: KernelDefinition = defineKernel<{
  readonly inputs: { readonly x: TensorInfo };
  readonly attrs: { readonly numOrSizeSplits: number | number[]; readonly axis: number };
}>(SplitV, (runtime, { x }, { numOrSizeSplits, axis }) => {
  const [at] = util.parseAxisParam(axis, x.shape);
  return along(runtime, x, at!, backend_util.prepareSplitSize(x, numOrSizeSplits, at));
});

/** One part for each place along one axis, without the axis. */
export const unpack: KernelDefinition = defineKernel<{
  readonly inputs: { readonly value: TensorInfo };
  readonly attrs: { readonly axis: number };
}>(Unpack, (runtime, { value }, { axis }) => {
  const [at] = util.parseAxisParam(axis, value.shape);
  const parts = along(
    runtime,
    value,
    at!,
    Array.from({ length: value.shape[at!]! }, () => 1),
  );
  return parts.map((part) => ({ ...part, shape: part.shape.toSpliced(at!, 1) }));
});

function along(runtime: Runtime, x: TensorInfo, axis: number, sizes: readonly number[]): TensorInfo[] {
  let start = 0;
  return sizes.map((size) => {
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    start += size;
    return partOf(runtime, x, begin, x.shape.with(axis, size));
  });
}

function partOf(runtime: Runtime, x: TensorInfo, begin: readonly number[], size: readonly number[]): TensorInfo {
  const { backend, memory, addressOf, output } = runtime;
  const { starts, length } = runs(x.shape, begin, size);
  if (x.dtype === 'string') {
    const values = backend.readSync(x.dataId) as unknown as Uint8Array[];
    const part = starts.flatMap((start) => values.slice(start, start + length));
    const dataId = backend.write(part, [...size], x.dtype);
    return { dataId, shape: [...size], dtype: x.dtype };
  }
  const y = output(size, x.dtype);
  const bytes = util.bytesPerElement(x.dtype);
  const [from, to] = [addressOf(x), addressOf(y)];
  const heap = new Uint8Array(memory.buffer);
  starts.forEach((start, i) => {
    heap.copyWithin(to + i * length * bytes, from + start * bytes, from + (start + length) * bytes);
  });
  return y;
}

/** Where a part lies in one piece after another, each of `length` elements. */
function runs(
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
): { readonly starts: readonly number[]; readonly length: number } {
  const strides = shape.map((_, axis) => util.sizeFromShape(shape.slice(axis + 1)));
  // Behind this axis everything is taken.
  const last = Math.max(
    0,
    size.findLastIndex((count, axis) => count < shape[axis]!),
  );
  const whole = begin.reduce((sum, from, axis) => sum + from * strides[axis]!, 0);
  const starts = size
    .slice(0, last)
    .reduce<number[]>(
      (found, count, axis) => found.flatMap((at) => Array.from({ length: count }, (_, i) => at + i * strides[axis]!)),
      [whole],
    );
  return { starts, length: util.sizeFromShape(size.slice(last)) };
}
