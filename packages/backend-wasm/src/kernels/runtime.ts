import type { Arithmetic } from './arithmetic.ts';
import type { KernelExports } from './exports.ts';
import type { Address, Heap } from './heap.ts';

/** The kernels over the memory of one backend, and what they keep in it. */
export interface Runtime extends Heap {
  readonly kernels: KernelExports;
  /** Room for the time of one kernel, valid until the next call; it grows to the largest that was asked for. */
  readonly scratch: (bytes: number) => Address;
  /**
   * What `make` writes into `bytes` bytes for a tensor's data: made at the first call, freed with the data, or when
   * another kind is wanted of it.
   */
  readonly derived: (dataId: object, kind: string, bytes: number, make: (to: Address) => void) => Address;
  /** What linear layers multiply. */
  arithmetic: Arithmetic;
  /** Bytes that are kept in the heap beside the tensors: scratch and all derived data. */
  readonly keptBytes: number;
}

interface Derived {
  readonly kind: string;
  readonly address: Address;
  readonly bytes: number;
}

export function runtimeOf(heap: Heap, kernels: KernelExports): Runtime {
  const derived = new WeakMap<object, Derived>();
  let room = { address: 0, bytes: 0 };
  let keptBytes = 0;
  const forget = (dataId: object) => {
    const found = derived.get(dataId);
    if (!found) return;
    derived.delete(dataId);
    heap.free(found.address);
    keptBytes -= found.bytes;
  };
  heap.onDispose = forget;
  return {
    ...heap,
    arithmetic: 'float32',
    kernels,
    scratch(bytes) {
      if (bytes <= room.bytes) return room.address;
      heap.free(room.address);
      keptBytes -= room.bytes;
      room = { address: 0, bytes: 0 };
      room = { address: heap.allocate(bytes), bytes };
      keptBytes += bytes;
      return room.address;
    },
    derived(dataId, kind, bytes, make) {
      const found = derived.get(dataId);
      if (found?.kind === kind) return found.address;
      forget(dataId);
      const address = heap.allocate(bytes);
      make(address);
      derived.set(dataId, { kind, address, bytes });
      keptBytes += bytes;
      return address;
    },
    get keptBytes() {
      return keptBytes;
    },
  };
}
