import { EmbeddingError } from '@diptych/core';
import { notInstalled } from '../refusals.ts';
import type { Store, StoreConfig } from '../../store.ts';
import { checkConfig } from '../../store/check-put.ts';
import { CheckedStore } from '../../store/checked-store.ts';
import { Connection } from './connection.ts';
import { type OpenedTable, openTable } from './open-table.ts';
import { checkPostgresOptions, type PostgresOptions } from './postgres-options.ts';
import { PostgresStorage } from './postgres-storage.ts';
import { findIndex, type IndexedTable, makeIndex, type PostgresIndex } from './table-index.ts';

/**
 * Rows in a table of PostgreSQL, made if absent; its configuration is in the table `diptych_stores`. Each call that
 * writes is one transaction, committed to the server's disk when it resolves. Any number of processes may use it at once.
 * With the extension pgvector, which is made where it may be, the server compares the rows; `engine` says whether it
 * does. An index that `options` ask for, or that the table has, is used by searches with `exact: false` alone. A lost
 * connection is made anew by the next call.
 *
 * @param url `postgres://user:password@host:port/database`.
 * @param table Of at most 63 bytes, in the first schema of the search path.
 * @throws {EmbeddingError} `CONFIG_INVALID` for a configuration or an index that no store can have; `UNSUPPORTED` for an
 *   index where pgvector is not; `INPUT_INVALID` when the store was made with another, or the table or its index is
 *   something else; `NETWORK` when the server cannot be reached or refuses, which any call may throw later; `NOT_FOUND`
 *   when `pg` is not installed.
 */
export async function postgresStore(
  url: string,
  table: string,
  config: StoreConfig,
  options: PostgresOptions = {},
): Promise<Store> {
  const checked = checkConfig(config);
  checkPostgresOptions(options, checked);
  if (!/^[^\0\p{Surrogate}]+$/u.test(table) || new TextEncoder().encode(table).length > 63) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: 'postgresStore',
      expected: 'a table of 1 to 63 bytes',
      got: `'${table}'`,
    });
  }
  const connection = new Connection(await loadClient(), url, `table '${table}'`);
  try {
    const quoted = `"${table.replaceAll('"', '""')}"`;
    const opened = await openTable(connection, { table, quoted }, checked);
    const index = await indexOf(connection, { table, quoted, dim: checked.dim }, { opened, options });
    return new CheckedStore(checked, new PostgresStorage(connection, quoted, checked, { ...opened, index }));
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function indexOf(
  connection: Connection,
  table: IndexedTable,
  { opened, options }: { readonly opened: OpenedTable; readonly options: PostgresOptions },
): Promise<PostgresIndex | undefined> {
  const { vector, engine } = opened;
  if (options.index === undefined) {
    if (vector === undefined) return undefined;
    // In one transaction: several clients of PGlite are one session, and each would prepare what the others run.
    return connection.transaction((query) => findIndex(query, table.quoted));
  }
  if (vector !== undefined) return makeIndex(connection, table, options);
  const problem = {
    where: `table '${table.table}'`,
    expected: `pgvector for an index ${options.index}`,
    got: engine.note,
  };
  throw new EmbeddingError('UNSUPPORTED', problem);
}

/** Loaded when a store is opened: the package is an optional peer. */
async function loadClient(): Promise<(typeof import('pg'))['Client']> {
  try {
    return (await import('pg')).default.Client;
  } catch (cause) {
    throw notInstalled('pg', cause);
  }
}
