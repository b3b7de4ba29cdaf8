import { EmbeddingError } from '@diptych/core';
import type Database from 'libsql';
import type { Filter } from '../filter.ts';
import { blockOf } from '../store/items.ts';
import { certainlyNear, nearLimit } from '../store/near-rows.ts';
import type { Block, Item, RowStorage, Wanted } from '../store/row-storage.ts';
import type { Engine, Recovery, StoreConfig } from '../store.ts';
import { type Row, RowTable } from './row-table.ts';

const rowsPerBlock = 512;

/** Rows in an SQL table. Arguments always go in an array: libsql ends the process for a lone typed array. */
export class LibsqlStorage implements RowStorage {
  readonly recovered: Recovery;
  readonly engine: Engine;
  readonly near: RowStorage['near'];
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #table: RowTable;
  readonly #config: Required<StoreConfig>;

  /** @param path For messages. */
  constructor(database: Database.Database, path: string, config: Required<StoreConfig>, engine: Engine) {
    this.#database = database;
    this.#path = path;
    this.#table = new RowTable(config);
    this.#config = config;
    this.#create();
    this.recovered = { rows: this.#count(), droppedBytes: 0 };
    this.engine = engine;
    this.near = engine.name === 'sqlite-vec' ? async (wanted) => this.#near(wanted) : undefined;
  }

  async put(items: readonly Item[]): Promise<void> {
    this.#transaction('IMMEDIATE', () => this.#insert(items));
  }

  async add(items: readonly Item[]): Promise<string | undefined> {
    return this.#transaction('IMMEDIATE', () => {
      const there = items.find(({ id }) => this.#find(id))?.id;
      if (there === undefined) this.#insert(items);
      return there;
    });
  }

  async remove(ids: readonly string[]): Promise<number> {
    return this.#transaction('IMMEDIATE', () => {
      const statement = this.#database.prepare('DELETE FROM diptych_rows WHERE id = ?');
      return ids.reduce((removed, id) => removed + statement.run([id]).changes, 0);
    });
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    return this.#coded(() => ids.map((id) => this.#find(id)));
  }

  *blocks(filter?: Filter): Generator<Block> {
    const { sql, values } = this.#table.where(filter) ?? everything;
    const select = `SELECT * FROM diptych_rows WHERE place > ? AND ${sql} ORDER BY place LIMIT ${rowsPerBlock}`;
    const next = this.#coded(() => this.#database.prepare(select));
    for (let place = 0; ;) {
      const rows = this.#coded(() => next.all([place, ...values]) as Row[]);
      if (rows.length === 0) return;
      yield this.#coded(() => this.#block(rows));
      ({ place } = rows.at(-1)!);
    }
  }

  async count(): Promise<number> {
    return this.#coded(() => this.#count());
  }

  async close(): Promise<void> {
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
      const rows = this.#database
        .prepare(
          `SELECT * FROM diptych_rows WHERE place IN (SELECT value FROM json_each(?))
          UNION ALL SELECT * FROM diptych_rows WHERE odd = 1 AND ${sql} ORDER BY place`,
        )
        .all([JSON.stringify(near.map(({ place }) => place)), ...values]) as Row[];
      return this.#block(rows);
    });
  }

  #block(rows: readonly Row[]): Block {
    return blockOf(
      rows.map((row) => this.#table.itemOf(row)),
      this.#config,
    );
  }

  #insert(items: readonly Item[]): void {
    const statement = this.#database.prepare(this.#table.insert);
    for (const item of items) statement.run(this.#table.argumentsOf(item));
  }

  #find(id: string): Item | undefined {
    const [row] = this.#database.prepare('SELECT * FROM diptych_rows WHERE id = ?').all([id]) as Row[];
    return row && this.#table.itemOf(row);
  }

  #count(): number {
    const [row] = this.#database.prepare('SELECT count(*) AS n FROM diptych_rows').all([]) as { n: number }[];
    return row!.n;
  }

  #create(): void {
    this.#database.exec(this.#table.create);
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
      throw new EmbeddingError(isOurs ? cause.code : 'INPUT_INVALID', `${this.#path}: ${cause.message}`, { cause });
    }
  }
}

const everything = { sql: 'TRUE', values: [] };
