import { EmbeddingError, expectMembers, type SearchKernel } from '@diptych/core';
import { notInstalled, refused } from '../refusals.ts';
import type Database from 'libsql';
import type { Engine, Store, StoreConfig } from '../../store.ts';
import { checkConfig } from '../../store/check-put.ts';
import { CheckedStore } from '../../store/checked-store.ts';
import { checkMadeConfig } from '../../store/made-config.ts';
import { LibsqlStorage } from './libsql-storage.ts';

export interface LibsqlStoreOptions {
  /**
   * Compares rows in 8 bits, in an index in memory that is made after opening, a byte for a component: a search then reads
   * what may be among the best alone. It is made anew when another process has written; until then SQLite compares. That of
   * 16,384 rows or more is kept beside the database when the store is closed, in `<path>-kept.index` and `<path>-kept.steps`;
   * where it cannot be, `engine.note` of the store says so.
   */
  readonly kernel?: SearchKernel<'int8'> | undefined;
}

const configTable = 'CREATE TABLE IF NOT EXISTS diptych_config (config TEXT NOT NULL) STRICT';

/**
 * Rows in three tables of an SQLite database, made if absent; other tables in it are left alone. Each call that writes is
 * one transaction, so nothing is ever torn; several processes may use it at once. Calls run on the thread they are made
 * on. Where the package sqlite-vec is installed, SQLite compares the rows; `engine` says whether it does.
 *
 * @param path Of the database file, whose folder exists.
 * @throws {EmbeddingError} `CONFIG_INVALID` for a configuration that no store can have; `INPUT_INVALID` when the store
 *   was made with another, or the file cannot be opened as a database; `NOT_FOUND` when `libsql` is not installed.
 */
export async function libsqlStore(path: string, config: StoreConfig, options: LibsqlStoreOptions = {}): Promise<Store> {
  const { kernel } = expectMembers(options, 'libsqlStore: options');
  const checked = checkConfig(config);
  const database = openDatabase(await loadLibsql(), path);
  try {
    checkMade(database, path, checked);
    const engine = await engineOf(database, checked);
    return new CheckedStore(checked, new LibsqlStorage(database, path, checked, { engine, kernel }));
  } catch (error) {
    database.close();
    throw error instanceof EmbeddingError ? error : cannotOpen(path, error);
  }
}

/** Loaded when a store is opened: the package is an optional peer. */
async function loadLibsql(): Promise<typeof Database> {
  try {
    return (await import('libsql')).default;
  } catch (cause) {
    throw notInstalled('libsql', cause);
  }
}

/** Whatever keeps the extension away, a search without it finds the same. */
async function engineOf(database: Database.Database, { precision }: Required<StoreConfig>): Promise<Engine> {
  if (precision !== 'float32') return { name: 'javascript', note: `sqlite-vec: is for float32, not ${precision}` };
  try {
    const { load } = await import('sqlite-vec');
    load(database);
    return { name: 'sqlite-vec' };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name: 'javascript', note: `sqlite-vec: cannot be loaded; install it: npm install sqlite-vec (${why})` };
  }
}

function openDatabase(Libsql: typeof Database, path: string): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Libsql(path);
    // Seven rows of 512 components fit such a page, one fits one of 4 kB; a database that is there keeps its own.
    database.exec('PRAGMA page_size = 16384');
    // With FULL, a transaction is on the disk when it is committed. The time to wait comes first: others may be opening.
    database.exec(`PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL`);
    // Pages of a transaction are written once, to the log and from there, not whenever a cache of 2 MB is full.
    database.exec('PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000');
    // A search reads every row: mapped, two gigabytes of them need no copy through that cache.
    database.exec(`PRAGMA mmap_size = ${2 ** 31 - 1}; ${configTable}`);
    return database;
  } catch (cause) {
    database?.close();
    throw cannotOpen(path, cause);
  }
}

function cannotOpen(path: string, cause: unknown): EmbeddingError {
  return refused(path, 'opened as a database', cause);
}

function checkMade(database: Database.Database, path: string, config: Required<StoreConfig>): void {
  const insert = 'INSERT INTO diptych_config SELECT ? WHERE NOT EXISTS (SELECT 1 FROM diptych_config)';
  database.prepare(insert).run([JSON.stringify(config)]);
  const [made] = database.prepare('SELECT config FROM diptych_config').all([]) as { config: string }[];
  checkMadeConfig(path, made!.config, config);
}
