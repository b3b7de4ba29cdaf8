import type Database from 'libsql';
import type { Metadata } from '../metadata.ts';
import { blockOf, type RowType } from '../store/items.ts';
import type { Block, Item, RowStorage } from '../store/row-storage.ts';
import type { Recovery } from '../store.ts';

const rowsPerBlock = 512;

interface Row {
  readonly place: number;
  readonly id: string;
  readonly bytes: ArrayBuffer;
  readonly scale: number | null;
  readonly metadata: string;
}

/** Rows in an SQL table. Arguments always go in an array: libsql ends the process for a lone typed array. */
export class LibsqlStorage implements RowStorage {
  readonly recovered: Recovery;
  readonly #database: Database.Database;
  readonly #type: RowType;

  constructor(database: Database.Database, type: RowType) {
    this.#database = database;
    this.#type = type;
    this.recovered = { rows: this.#count(), droppedBytes: 0 };
  }

  async put(items: readonly Item[]): Promise<void> {
    this.#write(() => this.#insert(items));
  }

  async add(items: readonly Item[]): Promise<string | undefined> {
    return this.#write(() => {
      const there = items.find(({ id }) => this.#find(id))?.id;
      if (there === undefined) this.#insert(items);
      return there;
    });
  }

  async remove(ids: readonly string[]): Promise<number> {
    const statement = this.#database.prepare('DELETE FROM diptych_rows WHERE id = ?');
    return this.#write(() => ids.reduce((removed, id) => removed + statement.run([id]).changes, 0));
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    return ids.map((id) => this.#find(id));
  }

  *blocks(): Generator<Block> {
    const next = this.#database.prepare('SELECT * FROM diptych_rows WHERE place > ? ORDER BY place LIMIT ?');
    for (let place = 0; ;) {
      const rows = next.all([place, rowsPerBlock]) as Row[];
      if (rows.length === 0) return;
      yield blockOf(rows.map(itemOf), this.#type);
      ({ place } = rows.at(-1)!);
    }
  }

  async count(): Promise<number> {
    return this.#count();
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #insert(items: readonly Item[]): void {
    const statement = this.#database.prepare(`
      INSERT INTO diptych_rows (id, bytes, scale, metadata) VALUES (?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes, scale = excluded.scale, metadata = excluded.metadata
    `);
    for (const { id, bytes, scale, metadata } of items) {
      statement.run([id, bytes, scale ?? null, JSON.stringify(metadata)]);
    }
  }

  #find(id: string): Item | undefined {
    const [row] = this.#database.prepare('SELECT * FROM diptych_rows WHERE id = ?').all([id]) as Row[];
    return row && itemOf(row);
  }

  #count(): number {
    const [row] = this.#database.prepare('SELECT count(*) AS n FROM diptych_rows').all([]) as { n: number }[];
    return row!.n;
  }

  #write<T>(change: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

function itemOf({ id, bytes, scale, metadata }: Row): Item {
  return { id, bytes: new Uint8Array(bytes), scale: scale ?? undefined, metadata: JSON.parse(metadata) as Metadata };
}
