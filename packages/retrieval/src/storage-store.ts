import { expectVersion } from '@diptych/core';
import type { Store, StoreConfig } from './store.ts';
import { checkConfig } from './store/check-put.ts';
import { CheckedStore } from './store/checked-store.ts';
import type { RowStorage } from './store/row-storage.ts';

/**
 * A store over a storage of your own, with all checks, the order of calls and the exact search that stores have.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a configuration that no store can have; `UNSUPPORTED` for a storage that was
 *   written for another version of `RowStorage`.
 */
export function storageStore(config: StoreConfig, storage: RowStorage): Store {
  expectVersion(storage, 'storage', 'RowStorage');
  return new CheckedStore(checkConfig(config), storage);
}
