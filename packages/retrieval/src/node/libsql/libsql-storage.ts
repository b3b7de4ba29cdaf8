import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { EmbeddingError, type SearchKernel } from '@diptych/core';
import { inFile, refused } from '../refusals.ts';
import type Database from 'libsql';
import type { Filter } from '../../filter.ts';
import { KeptIndex, notKept } from '../kept/kept-index.ts';
import { blockOf } from '../../store/items.ts';
import { certainlyNear, nearLimit } from '../../store/near-rows.ts';
import type { Block, Item, RowStorage, Wanted } from '../../store/row-storage.ts';
import type { Engine, Recovery, StoreConfig } from '../../store.ts';
import { type IndexedRows, LibsqlIndex } from './libsql-index.ts';
import { type PlacedItem, type Row, RowTable } from './row-table.ts';

const rowsPerBlock = 512;

/** Rows in an SQL table. Arguments always go in an array: libsql ends the process for a lone typed array. */
export class LibsqlStorage implements RowStorage {
  readonly version = 1;
  readonly recovered: Recovery;
  engine: Engine;
  readonly near: RowStorage['near'];
  readonly search: RowStorage['search'];
  readonly #index: LibsqlIndex | undefined;
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #table: RowTable;
  readonly #config: Required<StoreConfig>;

  /** @param path For messages. */
  constructor(
    database: Database.Database,
    path: string,
    config: Required<StoreConfig>,
    { engine, kernel }: { readonly engine: Engine; readonly kernel?: SearchKernel<'int8'> | undefined },
  ) {
    this.#database = database;
    this.#path = path;
    this.#table = new RowTable(config);
    this.#config = config;
    this.#create();
    this.recovered = { rows: this.#count(), droppedBytes: 0 };
    this.engine = kernel ? { name: 'javascript', note: 'libsqlStore: a kernel was given' } : engine;
    this.near = engine.name === 'sqlite-vec' ? async (wanted) => this.#near(wanted) : undefined;
    const kept =
      kernel && existsSync(path) ? new KeptIndex(`${path}-kept`, config, kernel, { isShared: true }) : undefined;
    const index = kernel && new LibsqlIndex(config, kernel, this.#indexedRows(), kept);
    this.#index = index;
    if (this.recovered.rows > 0) index?.load();
    this.search = index && ((queries, options) => index.search(queries, options));
  }

  async put(items: readonly Item[]): Promise<void> {
    const placed = this.#transaction('IMMEDIATE', () => this.#insert(items));
    this.#index?.put(placed);
  }

  async add(items: readonly Item[]): Promise<string | undefined> {
    const added = this.#transaction('IMMEDIATE', () => {
      const find = this.#database.prepare('SELECT 1 FROM diptych_rows WHERE id = ?').raw();
      return items.find(({ id }) => find.all([id]).length > 0)?.id ?? this.#insert(items);
    });
    if (typeof added === 'string') return added;
    this.#index?.put(added);
    return undefined;
  }

  async remove(ids: readonly string[]): Promise<number> {
    const removed = this.#transaction('IMMEDIATE', () => {
      const statement = this.#database.prepare('DELETE FROM diptych_rows WHERE id = ?');
      const count = ids.reduce((sum, id) => sum + statement.run([id]).changes, 0);
      if (count > 0) this.#mark();
      return count;
    });
    this.#index?.remove(ids);
    return removed;
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    return this.#coded(() => ids.map((id) => this.#find(id)));
  }

  *blocks(filter?: Filter): Generator<Block> {
    const { sql, values } = this.#table.where(filter) ?? everything;
    const where = `WHERE place > ? AND ${sql} ORDER BY place LIMIT ${rowsPerBlock}`;
    for (let place = 0; ;) {
      const items = this.#coded(() => this.#read(where, [place, ...values]));
      if (items.length === 0) return;
      yield blockOf(items, this.#config);
      ({ place } = items.at(-1)!);
    }
  }

  async count(): Promise<number> {
    return this.#coded(() => this.#count());
  }

  async close(): Promise<void> {
    try {
      await this.#index?.close();
    } catch (error) {
      this.engine = { ...this.engine, note: notKept('libsqlStore', error) };
    }
    try {
      this.#database.exec('PRAGMA wal_checkpoint'); // The file alone is the store then; it waits for nobody.
    } catch {
      // On a full disk, say, the log of the database stays beside it, and is read when it is opened.
    }
    this.#database.close();
  }

  /** The two statements see the same rows. */
  #near({ query, k, filter }: Wanted): Block | undefined {
    const where = this.#table.where(filter);
    if (!where) return undefined;
    const { sql, values } = where;
    return this.#transaction('DEFERRED', () => {
      const nearest = this.#database
        .prepare(
          `SELECT place, vec_distance_cosine(bytes, ?) AS distance FROM diptych_rows WHERE odd = 0 AND ${sql}
          ORDER BY distance LIMIT ${nearLimit(k)}`,
        )
        .all([new Uint8Array(query.buffer), ...values]) as { place: number; distance: number }[];
      const near = certainlyNear(nearest, k, this.#config.dim);
      if (!near) return undefined;
      const places = JSON.stringify(near.map(({ place }) => place));
      const among = `WHERE place IN (SELECT value FROM json_each(?))
        UNION ALL SELECT ${this.#table.columns} FROM diptych_rows WHERE odd = 1 AND ${sql} ORDER BY place`;
      return blockOf(this.#read(among, [places, ...values]), this.#config);
    });
  }

  /** @returns Places, where an index wants to know them. */
  #insert(items: readonly Item[]): PlacedItem[] {
    const limit = this.#table.rowsPerInsert;
    const wanted = this.#index?.hasRows ? ' RETURNING place, id' : '';
    const places = new Map<string, number>();
    const prepare = (rows: number) => this.#database.prepare(this.#table.insert(rows) + wanted);
    const whole = items.length >= limit && prepare(limit);
    for (let first = 0; first < items.length; first += limit) {
      const some = items.slice(first, first + limit);
      const statement = whole && some.length === limit ? whole : prepare(some.length);
      const values = this.#table.argumentsOf(some);
      if (!wanted) statement.run(values);
      else for (const [place, id] of statement.raw().all(values) as [number, string][]) places.set(id, place);
    }
    if (items.length > 0) this.#mark();
    return wanted ? items.map((item) => ({ ...item, place: places.get(item.id)! })) : [];
  }

  #indexedRows(): IndexedRows {
    const read = (places: string, values: unknown[], limit = -1) => {
      return this.#coded(() => this.#read(`WHERE place ${places} ORDER BY place LIMIT ${limit}`, values));
    };
    return {
      snapshot: (call) => this.#transaction('DEFERRED', () => (this.#begin(), call())),
      version: () => {
        const [row] = this.#database.prepare('PRAGMA data_version').all([]) as { data_version: number }[];
        return row!.data_version;
      },
      key: () => {
        const [row] = this.#database
          .prepare(
            'SELECT count(*) AS n, max(place) AS last, (SELECT mark FROM diptych_written) AS mark FROM diptych_rows',
          )
          .all([]) as { n: number; last: number | null; mark: string }[];
        return `${row!.mark} ${row!.n} ${row!.last}`;
      },
      after: (place, limit) => read('> ?', [place], limit),
      at: (places) => read('IN (SELECT value FROM json_each(?))', [JSON.stringify(places)]),
    };
  }

  /** @param where And what follows it. */
  #read(where: string, values: readonly unknown[]): PlacedItem[] {
    const select = this.#database.prepare(`SELECT ${this.#table.columns} FROM diptych_rows ${where}`).raw();
    return (select.all([...values]) as Row[]).map((row) => this.#table.itemOf(row));
  }

  #find(id: string): Item | undefined {
    return this.#read('WHERE id = ?', [id])[0];
  }

  /** A transaction sees the rows of its first reading. */
  #begin(): void {
    this.#database.prepare('SELECT 1 FROM diptych_rows LIMIT 1').all([]);
  }

  #count(): number {
    const [row] = this.#database.prepare('SELECT count(*) AS n FROM diptych_rows').all([]) as { n: number }[];
    return row!.n;
  }

  /** Tells rows that are written now from those that an index was kept of. */
  #mark(): void {
    this.#database.prepare('UPDATE diptych_written SET mark = ?').run([randomUUID()]);
  }

  #create(): void {
    this.#database.exec(this.#table.create);
    const mark = 'INSERT INTO diptych_written SELECT ? WHERE NOT EXISTS (SELECT 1 FROM diptych_written)';
    this.#database.prepare(mark).run([randomUUID()]);
    const columns = this.#database.prepare('SELECT name FROM pragma_table_info(?)').all(['diptych_rows']);
    if ((columns as { name: string }[]).some(({ name }) => name === 'checksum')) return;
    this.#database.exec('ALTER TABLE diptych_rows ADD COLUMN checksum INTEGER');
  }

  #transaction<T>(kind: 'IMMEDIATE' | 'DEFERRED', call: () => T): T {
    return this.#coded(() => {
      this.#database.exec(`BEGIN ${kind}`);
      try {
        const result = call();
        this.#database.exec('COMMIT');
        return result;
      } catch (error) {
        this.#rollback();
        throw error;
      }
    });
  }

  /** SQLite did it already where the disk was full. */
  #rollback(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // What failed before says why.
    }
  }

  /** What SQLite refuses, with the file and the reason. */
  #coded<T>(call: () => T): T {
    try {
      return call();
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      const isOurs = cause instanceof EmbeddingError;
      if (!isOurs && !('code' in cause && String(cause.code).startsWith('SQLITE'))) throw cause;
      throw isOurs ? inFile(this.#path, cause) : refused(this.#path, 'read and written', cause);
    }
  }
}

const everything = { sql: 'TRUE', values: [] };
