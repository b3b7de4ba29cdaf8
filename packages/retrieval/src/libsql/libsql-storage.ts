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
  readonly #table: RowTable;
  readonly #config: Required<StoreConfig>;

  constructor(database: Database.Database, config: Required<StoreConfig>, engine: Engine) {
    this.#database = database;
    this.#table = new RowTable(config);
    this.#config = config;
    database.exec(this.#table.create);
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
    const statement = this.#database.prepare('DELETE FROM diptych_rows WHERE id = ?');
    return this.#transaction('IMMEDIATE', () => ids.reduce((removed, id) => removed + statement.run([id]).changes, 0));
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    return ids.map((id) => this.#find(id));
  }

  *blocks(filter?: Filter): Generator<Block> {
    const { sql, values } = this.#table.where(filter) ?? everything;
    const next = this.#database.prepare(
      `SELECT * FROM diptych_rows WHERE place > ? AND ${sql} ORDER BY place LIMIT ${rowsPerBlock}`,
    );
    for (let place = 0; ;) {
      const rows = next.all([place, ...values]) as Row[];
      if (rows.length === 0) return;
      yield this.#block(rows);
      ({ place } = rows.at(-1)!);
    }
  }

  async count(): Promise<number> {
    return this.#count();
  }

  async close(): Promise<void> {
    this.#database.exec('PRAGMA wal_checkpoint'); // The file alone is the store then; it waits for nobody.
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

  #transaction<T>(kind: 'IMMEDIATE' | 'DEFERRED', call: () => T): T {
    this.#database.exec(`BEGIN ${kind}`);
    try {
      const result = call();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

const everything = { sql: 'TRUE', values: [] };
