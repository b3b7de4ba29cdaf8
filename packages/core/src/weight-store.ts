import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

/** What linear layers keep their weights as and multiply. */
export type WeightType = 'float32' | 'int16' | 'int8';

/** A weight, whose last axis are its outputs, and what products multiply. */
export interface Packing {
  readonly shape: readonly number[];
  readonly dtype: WeightType;
}

/**
 * Where a backend keeps weights in the order in which its products read them, rounded where they are of integers, and in no
 * other form: whatever else reads one gets its values in float32. What it gives are data of that backend, as a kernel's.
 */
export interface WeightStore {
  /** @param stored Begins with `[outputs, inputs]`, or `[inputs, outputs]` with `asIs`. */
  pack(stored: TensorInfo, packing: Packing & { readonly asIs: boolean }): TensorInfo;
  /**
   * A weight whose `bytes`, as `bytesOf` has them, are still to be written.
   *
   * @throws {EmbeddingError} `CHECKPOINT_INVALID` for another number of them.
   */
  unwritten(packing: Packing, bytes: number): TensorInfo;
  /** A tensor in float32 whose values are still to be written. */
  room(shape: readonly number[]): TensorInfo;
  /**
   * The memory of a weight as it is packed, or of any tensor: until memory grows, or where threads share it, and it never
   * moves, until the tensor is disposed of.
   */
  bytesOf(tensor: TensorInfo): Uint8Array;
  /** Lets the memory grow once for so many bytes that follow, if it can. */
  reserve(bytes: number): void;
}

interface WithStore {
  [key]?: WeightStore | undefined;
}

const key = Symbol.for('diptych.weights');

/** That of a backend, if it has one. */
export function weightStoreOf(backend: KernelBackend): WeightStore | undefined {
  return (backend as WithStore)[key];
}

/** Gives a backend a store, over the one that it may have. The result takes it away. */
export function provideWeights(backend: KernelBackend, store: WeightStore): () => void {
  const own: WithStore = backend as WithStore;
  const before = own[key];
  own[key] = store;
  return () => {
    if (before) own[key] = before;
    else delete own[key];
  };
}
