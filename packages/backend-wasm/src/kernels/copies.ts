import { EmbeddingError, type FusedPatchify } from '@diptych/core';
import {
  backend_util,
  GatherV2,
  Slice,
  slice_util,
  SplitV,
  type TensorInfo,
  Unpack,
  util,
} from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition, type Runtime } from './runtime.ts';

export const patchify: KernelDefinition = defineKernel<FusedPatchify>(
  'DiptychPatchify',
  ({ kernels, addressOf, output }, { pixels }, { patch }) => {
    const [n, height, width, channels] = pixels.shape as [number, number, number, number];
    const patches = Math.floor(height / patch) * Math.floor(width / patch);
    const y = output([n, patches, patch * patch * channels], 'float32');
    kernels.patchify(addressOf(pixels), addressOf(y), n, height, width, channels, patch);
    return y;
  },
);

interface Gathering {
  readonly inputs: { readonly x: TensorInfo; readonly indices: TensorInfo };
  readonly attrs: { readonly axis: number; readonly batchDims: number };
}

/** Rows by number, as of an embedding table. Takes the place of tfjs's own, which copies number by number. */
export const gather: KernelDefinition = defineKernel<Gathering>(
  GatherV2,
  ({ kernels, backend, addressOf, output }, { x, indices }, { axis, batchDims }) => {
    const [at] = util.parseAxisParam(axis, x.shape);
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
      backend_util.segment_util.collectGatherOpShapeInfo(x, indices, at!, batchDims);
    const y = output(outputShape, x.dtype);
    const count = util.sizeFromShape(indices.shape) / batchSize || 0;
    const bytes = sliceSize * util.bytesPerElement(x.dtype);
    for (let batch = 0; batch < batchSize; batch++) {
      const from = addressOf(x) + batch * outerSize * dimSize * bytes;
      const [ids, to] = [addressOf(indices) + 4 * batch * count, addressOf(y) + batch * outerSize * count * bytes];
      const wrong = kernels.gather(from, ids, to, outerSize, dimSize, count, bytes);
      if (wrong < 0) continue;
      backend.disposeData(y.dataId);
      const got = (backend.readSync(indices.dataId) as Int32Array)[batch * count + wrong];
      throw new EmbeddingError('INPUT_INVALID', { where: 'gather', expected: `numbers from 0 to ${dimSize - 1}`, got });
    }
    return y;
  },
);

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
    const values = backend.readSync(x.dataId) as Uint8Array[];
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
