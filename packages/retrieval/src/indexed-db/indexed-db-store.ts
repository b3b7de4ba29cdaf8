import { EmbeddingError } from '@diptych/core';
import type { Store, StoreConfig } from '../store.ts';
import { checkConfig } from '../store/check-put.ts';
import { checkSameConfig } from '../store/check-same-config.ts';
import { CheckedStore } from '../store/checked-store.ts';
import { IndexedDbStorage } from './indexed-db-storage.ts';
import { committed, resultOf } from './requests.ts';

/**
 * Rows in a database of the browser, made if absent. Each call that writes is one transaction, so nothing is ever torn;
 * several tabs may use it at once.
 *
 * @param name Of the database.
 * @throws {EmbeddingError} `CONFIG_INVALID` for a configuration that no store can have; `INPUT_INVALID` when the database
 *   was made with another or is something else; `UNSUPPORTED` where there is no IndexedDB.
 */
export async function indexedDbStore(name: string, config: StoreConfig): Promise<Store> {
  const checked = checkConfig(config);
  const database = await openDatabase(name);
  try {
    await checkMade(database, checked);
    const rows = await resultOf(database.transaction('rows').objectStore('rows').count());
    return new CheckedStore(checked, new IndexedDbStorage(database, checked, { rows, droppedBytes: 0 }));
  } catch (error) {
    database.close();
    throw error;
  }
}

async function openDatabase(name: string): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined') {
    throw new EmbeddingError('UNSUPPORTED', { where: 'indexedDbStore', expected: 'IndexedDB', got: 'none' });
  }
  const request = indexedDB.open(name, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore('config');
    request.result.createObjectStore('rows', { autoIncrement: true }).createIndex('id', 'id', { unique: true });
  });
  const database = await resultOf(request);
  database.addEventListener('versionchange', () => database.close()); // Someone deletes it.
  return database;
}

async function checkMade(database: IDBDatabase, config: Required<StoreConfig>): Promise<void> {
  if (!database.objectStoreNames.contains('config') || !database.objectStoreNames.contains('rows')) {
    throw new EmbeddingError('INPUT_INVALID', { where: database.name, expected: 'a store', got: 'another database' });
  }
  const transaction = database.transaction('config', 'readwrite');
  const done = committed(transaction);
  const store = transaction.objectStore('config');
  const made = (await resultOf(store.get('config'))) as Required<StoreConfig> | undefined;
  if (!made) store.put(config, 'config');
  await done;
  if (made) checkSameConfig(database.name, made, config);
}
