import { EmbeddingError, type WeightType } from '@diptych/core';
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelExports } from './exports.ts';
import type { Heap } from './heap.ts';
import type { Address } from './tfjs-inside.ts';

/** The kernels over the memory of one backend, and what they keep in it. */
export interface Runtime extends Heap {
  readonly kernels: KernelExports;
  /** Runs one kernel; when it throws, the outputs that it has made by then are freed. */
  readonly whole: <T>(run: () => T) => T;
  /** Room for the time of one kernel, valid until the next call; it grows to the largest that was asked for. */
  readonly scratch: (bytes: number) => Address;
  /** The packed form of a tensor's data, which is freed with them; undefined where there is none. */
  readonly packedOf: (tensor: TensorInfo) => PackedWeight | undefined;
  /** The packed form of a tensor's data, whose room it takes over. */
  readonly keepPacked: (tensor: TensorInfo, packed: PackedWeight) => PackedWeight;
  readonly dropPacked: (tensor: TensorInfo) => void;
  /** Frees scratch and all packed weights, whose values are what their tensors have again. */
  readonly giveBack: () => void;
  /** Bytes that are kept in the heap beside the tensors: scratch and all packed weights. */
  readonly keptBytes: number;
}

/** Rows and columns of a weight as the product sees it. */
export type Sizes = readonly [k: number, n: number];

export interface PackedWeight {
  readonly dtype: WeightType;
  readonly sizes: Sizes;
  readonly at: Address;
  readonly bytes: number;
}

export function runtimeOf(heap: Heap, kernels: KernelExports): Runtime {
  const packed = new Map<object, PackedWeight>();
  let room = { address: 0, bytes: 0 };
  let keptBytes = 0;
  let made: TensorInfo[] = [];
  const forget = (dataId: object) => {
    const found = packed.get(dataId);
    if (!found) return;
    packed.delete(dataId);
    heap.free(found.at);
    keptBytes -= found.bytes;
  };
  heap.onDispose = forget;
  return {
    ...heap,
    kernels,
    whole(run) {
      made = [];
      try {
        return run();
      } catch (error) {
        for (const { dataId } of made) heap.backend.disposeData(dataId, true);
        throw error;
      }
    },
    output(shape, dtype) {
      const tensor = heap.output(shape, dtype);
      made.push(tensor);
      return tensor;
    },
    scratch(bytes) {
      if (bytes <= room.bytes) return room.address;
      heap.free(room.address);
      keptBytes -= room.bytes;
      room = { address: 0, bytes: 0 };
      room = { address: heap.allocate(bytes), bytes };
      keptBytes += bytes;
      return room.address;
    },
    packedOf: ({ dataId }) => packed.get(dataId),
    keepPacked({ dataId }, weight) {
      packed.set(dataId, weight);
      keptBytes += weight.bytes;
      return weight;
    },
    dropPacked: ({ dataId }) => forget(dataId),
    giveBack() {
      heap.bringBack();
      for (const dataId of packed.keys()) forget(dataId);
      heap.free(room.address);
      keptBytes -= room.bytes;
      room = { address: 0, bytes: 0 };
    },
    get keptBytes() {
      return keptBytes;
    },
  };
}

/** Makes one kernel over a runtime. */
export type KernelDefinition = (runtime: Runtime) => KernelConfig;

interface Signature {
  readonly inputs: object;
  readonly attrs: object;
}

/** `run` as a kernel of the wasm backend; inputs that were not given are undefined. */
export function defineKernel<S extends Signature>(
  kernelName: string,
  run: (runtime: Runtime, inputs: S['inputs'], attrs: S['attrs']) => TensorInfo | TensorInfo[],
): KernelDefinition {
  return (runtime) => ({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      if (backend !== runtime.backend) {
        throw new EmbeddingError('BACKEND_UNAVAILABLE', {
          where: kernelName,
          expected: 'the backend it was installed for',
          got: 'another',
          cure: 'call useBackend again',
        });
      }
      return runtime.whole(() => run(runtime, inputs, attrs as object));
    },
  });
}

/**
 * The kernels do not look where they read, so their inputs are checked here.
 *
 * @param what Names the input, as `DiptychLinear bias`.
 * @param got Its shape, or undefined where it is absent, which is right.
 * @throws {EmbeddingError} `SHAPE_MISMATCH`
 */
export function checkShape(what: string, got: readonly number[] | undefined, expected: readonly number[]): void {
  if (!got || (got.length === expected.length && got.every((size, axis) => size === expected[axis]))) return;
  throw new EmbeddingError('SHAPE_MISMATCH', { where: what, expected: `[${expected}]`, got: `[${got}]` });
}
