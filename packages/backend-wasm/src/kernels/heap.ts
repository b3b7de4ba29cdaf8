import { EmbeddingError } from '@diptych/core';
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, type DataEntry, type TensorRegistry, wasmBackend } from './tfjs-inside.ts';

/**
 * The memory of a running wasm backend.
 */
export interface Heap {
  readonly backend: KernelBackend;
  readonly memory: WebAssembly.Memory;
  /** @throws {EmbeddingError} `OUT_OF_MEMORY` */
  readonly allocate: (bytes: number) => Address;
  readonly free: (address: Address) => void;
  /** Where the numbers of a tensor are; they are brought here from another backend if need be. */
  readonly addressOf: (tensor: TensorInfo) => Address;
  readonly output: (shape: readonly number[], dtype: DataType) => TensorInfo;
  /**
   * Gives up the room of a tensor's data, which live on elsewhere; whoever reads them has `restore` write them again, row
   * by row, into new room. Nothing happens where that is so already.
   */
  readonly setAside: (tensor: TensorInfo, restore: (to: Address) => void) => void;
  /** Has all that was set aside written again. */
  readonly bringBack: () => void;
  /** Called with the data of each tensor that is gone. */
  onDispose: (dataId: object) => void;
  /** Called when the backend is disposed of. */
  onEnd: () => void;
  /** Leaves the backend as it was found; what was set aside has to be brought back before. */
  readonly undo: () => void;
}

/**
 * The heap of tfjs's backend, which must be started.
 *
 * From now on a failed allocation is an error; tfjs itself would write to address 0.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE`, as `wasmBackend`.
 */
export function heapOf(given: KernelBackend): Heap {
  const backend = wasmBackend(given);
  const { wasm, dataIdMap } = backend;
  const { _free: free, _malloc } = wasm;
  const allocate = (bytes: number): Address => {
    const address = wasm.asm.malloc(bytes) >>> 0;
    const size = wasm.asm.memory.buffer.byteLength;
    // Near 4 GiB its arithmetic wraps around, and it gives room that ends beyond the memory.
    if ((address > 0 && address + bytes <= size) || bytes === 0) return address;
    throw new EmbeddingError('OUT_OF_MEMORY', {
      where: 'wasm',
      expected: `room for ${bytes} bytes more`,
      got: `none beyond ${size}`,
    });
  };
  Object.assign(wasm, { _malloc: allocate });
  const aside = asideOf({
    allocate,
    free,
    registry: wasm.tfjs,
    nextId: () => backend.dataIdNextNumber++,
  });
  const heap: Heap = {
    backend,
    memory: wasm.asm.memory,
    allocate,
    free,
    addressOf: ({ dataId }) => dataIdMap.get(dataId).memoryOffset,
    setAside: ({ dataId }, restore) => aside.set(dataIdMap.get(dataId), restore),
    bringBack: () => aside.bringAll(),
    output: (shape, dtype) => backend.makeOutput([...shape], dtype),
    onDispose: () => undefined,
    onEnd: () => undefined,
    undo: () => {
      Object.assign(wasm, { _malloc });
      Object.assign(backend, before);
    },
  };
  const before = { dispose: backend.dispose, disposeData: backend.disposeData };
  const end = backend.dispose.bind(backend);
  backend.dispose = () => {
    heap.onEnd();
    end();
  };
  const dispose = backend.disposeData.bind(backend);
  backend.disposeData = (dataId, force) => {
    if (dataIdMap.has(dataId)) aside.beforeDispose(dataIdMap.get(dataId), force);
    const gone = dispose(dataId, force);
    if (gone) heap.onDispose(dataId);
    return gone;
  };
  return heap;
}

/** What setting aside takes. */
interface Room {
  readonly allocate: (bytes: number) => Address;
  readonly free: (address: Address) => void;
  readonly registry: TensorRegistry;
  readonly nextId: () => number;
}

/** Data without room of their own, until somebody reads where they are. */
interface Aside {
  set(entry: DataEntry, restore: (to: Address) => void): void;
  bringAll(): void;
  /** Before tfjs frees data: there is nothing to free, and nothing to restore for it. */
  beforeDispose(entry: DataEntry, force: boolean | undefined): void;
}

function asideOf({ allocate, free, registry, nextId }: Room): Aside {
  const gone = new Set<DataEntry>();
  const place = (entry: DataEntry, id: number, memoryOffset: Address): void => {
    gone.delete(entry);
    const kept = { writable: true, enumerable: true, configurable: true };
    Object.defineProperties(entry, { id: { value: id, ...kept }, memoryOffset: { value: memoryOffset, ...kept } });
  };
  const bring = (entry: DataEntry, restore: (to: Address) => void): void => {
    const size = entry.shape.reduce((product, n) => product * n, 1);
    const address = allocate(4 * size);
    restore(address);
    const id = nextId();
    registry.registerTensor(id, size, address);
    place(entry, id, address);
  };
  return {
    set(entry, restore) {
      if (gone.has(entry)) return;
      free(entry.memoryOffset);
      registry.disposeData(entry.id);
      const read = <Key extends 'id' | 'memoryOffset'>(key: Key) => ({
        configurable: true,
        enumerable: true,
        get: () => {
          bring(entry, restore);
          return entry[key];
        },
      });
      Object.defineProperties(entry, { id: read('id'), memoryOffset: read('memoryOffset') });
      gone.add(entry);
    },
    bringAll() {
      for (const entry of gone) void entry.memoryOffset;
    },
    beforeDispose(entry, force) {
      // A number that no tensor has, and address 0, which free leaves alone.
      if (gone.has(entry) && (force || entry.refCount <= 1)) place(entry, 0, 0);
    },
  };
}
