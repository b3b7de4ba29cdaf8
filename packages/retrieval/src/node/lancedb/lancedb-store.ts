import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkSignal, EmbeddingError } from '@diptych/core';
import { checkIndexOptions } from '../index-options.ts';
import { notInstalled, refused } from '../refusals.ts';
import type * as Lance from '@lancedb/lancedb';
import type * as Arrow from 'apache-arrow';
import { acquireLock } from '../file-store/lock.ts';
import type { Store, StoreConfig } from '../../store.ts';
import { checkConfig } from '../../store/check-put.ts';
import { CheckedStore } from '../../store/checked-store.ts';
import { checkMadeConfig } from '../../store/made-config.ts';
import { folderSync } from './folder-sync.ts';
import { textsOf, valuesOf } from './lance-columns.ts';
import { indexOf } from './lance-index.ts';
import { LanceRows } from './lance-rows.ts';
import type { LancedbOptions } from './lancedb-options.ts';
import { LancedbStorage } from './lancedb-storage.ts';

/**
 * Rows in a table of LanceDB, `rows.lance` of a folder, made if absent, and held until the store is closed. Each call that
 * writes is one version of the table, put in place by a rename, whose files are then synced. LanceDB compares the rows; an
 * index that `options` ask for, or that the table has, is used by searches with `exact: false` alone.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a configuration or an index that no store can have; `INPUT_INVALID` when
 *   the folder was made with another, is in use, cannot be made, its table or the index is something else, or has too
 *   few rows for an index; `NOT_FOUND` when `@lancedb/lancedb` or `apache-arrow` is not installed.
 */
export async function lancedbStore(folder: string, config: StoreConfig, options: LancedbOptions = {}): Promise<Store> {
  const checked = checkConfig(config);
  checkIndexOptions('lancedbStore', options, { lists: 'ivfpq', precision: checked.precision });
  const { lance, arrow } = await loadLance();
  // An absolute path: LanceDB takes one that starts with db for an address of its cloud.
  const path = resolve(folder);
  await makeFolder(path);
  const lock = await acquireLock(path);
  try {
    const rows = new LanceRows(checked, arrow);
    const table = await openTable(await lance.connect(path), rows.schema, path, checked);
    const sync = await folderSync(join(path, 'rows.lance'));
    const index = await indexOf(table, path, options);
    await sync();
    const opened = { table, lock, sync, rows, index };
    return new CheckedStore(checked, new LancedbStorage(opened, checked, await placesIn(table)));
  } catch (error) {
    await lock.release();
    checkSignal(options.signal);
    if (error instanceof EmbeddingError) throw error;
    throw refused(path, 'opened as a table', error);
  }
}

/** Loaded when a store is opened: the packages are optional peers. */
async function loadLance(): Promise<{ lance: typeof Lance; arrow: typeof Arrow }> {
  try {
    return { lance: await import('@lancedb/lancedb'), arrow: await import('apache-arrow') };
  } catch (cause) {
    throw notInstalled('@lancedb/lancedb apache-arrow@18', cause);
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw refused(path, 'made', cause);
  }
}

async function openTable(
  connection: Lance.Connection,
  schema: Arrow.Schema,
  path: string,
  config: Required<StoreConfig>,
): Promise<Lance.Table> {
  if (!(await connection.tableNames()).includes('rows')) return connection.createEmptyTable('rows', schema);
  const table = await connection.openTable('rows');
  const made = (await table.schema()).metadata.get('diptych');
  if (made === undefined) {
    throw new EmbeddingError('INPUT_INVALID', { where: path, expected: 'a store', got: 'another table named rows' });
  }
  checkMadeConfig(path, made, config);
  const types = new Map((await table.schema()).fields.map(({ name, type }) => [name, String(type)]));
  if (schema.fields.some(({ name, type }) => types.get(name) !== String(type))) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: path,
      expected: 'a table whose booleans are numbers',
      got: 'one made before they were',
      cure: 'copy it by the version that made it, with copyStore',
    });
  }
  return table;
}

async function placesIn(table: Lance.Table): Promise<Map<string, number>> {
  const { batches } = await table.query().select(['id', 'place']).toArrow();
  const places = batches.flatMap((batch) => valuesOf(batch.getChild('place')!));
  const ids = batches.flatMap((batch) => textsOf(batch.getChild('id')!));
  return new Map(ids.map((id, i) => [id!, Number(places[i])]));
}
