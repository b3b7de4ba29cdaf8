import type { Address, DataEntry, TensorRegistry } from './tfjs-inside.ts';

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
  /** Before tfjs frees data: there is nothing to free, and nothing to restore for it. */
  beforeDispose(entry: DataEntry, force: boolean | undefined): void;
}

export function asideOf({ allocate, free, registry, nextId }: Room): Aside {
  const gone = new WeakSet<DataEntry>();
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
    beforeDispose(entry, force) {
      // A number that no tensor has, and address 0, which free leaves alone.
      if (gone.has(entry) && (force || entry.refCount <= 1)) place(entry, 0, 0);
    },
  };
}
