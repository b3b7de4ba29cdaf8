import type { Filter } from '../../filter.ts';
import { blockOf } from '../../store/items.ts';
import { certainlyNear, nearLimit } from '../../store/near-rows.ts';
import type { Block, Item, RowStorage, Wanted, WantedByIndex } from '../../store/row-storage.ts';
import type { Engine, Recovery, StoreConfig } from '../../store.ts';
import type { Connection, Copy } from './connection.ts';
import { copyOf } from './copy-rows.ts';
import { candidatesSql, nearestSql } from './nearest-sql.ts';
import type { OpenedTable } from './open-table.ts';
import { columnsOf, itemOf, type Row, selected, vectorBytes, where } from './row-columns.ts';
import { indexSettings } from './index-settings.ts';
import type { PostgresIndex } from './table-index.ts';

const rowsPerBlock = 512;
/** Of components in one statement. */
const bytesPerInsert = 2 ** 22;
/** From so many on, `COPY` is worth asking whether a row is there. */
const leastCopied = 128;

/** Rows in a table of PostgreSQL. */
export class PostgresStorage implements RowStorage {
  readonly version = 1;
  readonly recovered: Recovery;
  readonly engine: Engine;
  readonly near: RowStorage['near'];
  readonly candidates: RowStorage['candidates'];
  readonly #connection: Connection;
  readonly #table: string;
  readonly #config: Required<StoreConfig>;
  /** The number of pgvector's type in this database. */
  readonly #vector: number | undefined;
  readonly #copies: boolean;
  readonly #selected: string;

  /** @param table Quoted. */
  constructor(
    connection: Connection,
    table: string,
    config: Required<StoreConfig>,
    { recovered, engine, vector, copies, index }: OpenedTable & { readonly index: PostgresIndex | undefined },
  ) {
    this.#connection = connection;
    this.#table = table;
    this.#config = config;
    this.recovered = recovered;
    this.engine = index ? { ...engine, index: index.kind } : engine;
    this.#vector = vector;
    this.#copies = copies;
    this.#selected = selected(vector !== undefined);
    this.near = vector !== undefined ? (wanted) => this.#near(wanted) : undefined;
    this.candidates = index && ((wanted) => this.#candidates(wanted, index));
  }

  async put(items: readonly Item[]): Promise<void> {
    await this.#write(async (query, copy) => {
      const mayCopy = this.#mayCopy(items) && (await this.#known(query, items)).size === 0;
      await (mayCopy ? this.#copy(copy, items) : this.#insert(query, items));
    });
  }

  async add(items: readonly Item[]): Promise<string | undefined> {
    return this.#write(async (query, copy) => {
      const known = await this.#known(query, items);
      if (known.size === 0) await (this.#mayCopy(items) ? this.#copy(copy, items) : this.#insert(query, items));
      return items.find(({ id }) => known.has(id))?.id;
    });
  }

  async remove(ids: readonly string[]): Promise<number> {
    const sql = `DELETE FROM ${this.#table} WHERE id = ANY($1) RETURNING id`;
    return this.#write(async (query) => (await query(sql, [ids])).length);
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    const rows = await this.#connection.query<Row>(`${this.#select} WHERE id = ANY($1)`, [ids]);
    const items = new Map(rows.map((row) => [row.id, this.#itemOf(row)]));
    return ids.map((id) => items.get(id));
  }

  async *blocks(filter?: Filter): AsyncGenerator<Block> {
    let place = '0';
    for (;;) {
      const { sql, values } = where(filter, this.#config.fields, [place]) ?? { sql: 'TRUE', values: [place] };
      const rows = await this.#connection.query<Row>(
        `${this.#select} WHERE place > $1 AND ${sql} ORDER BY place LIMIT ${rowsPerBlock}`,
        values,
      );
      if (rows.length === 0) return;
      yield this.#block(rows);
      ({ place } = rows.at(-1)!);
    }
  }

  async count(): Promise<number> {
    const [row] = await this.#connection.query<{ n: string }>(`SELECT count(*) AS n FROM ${this.#table}`);
    return Number(row!.n);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #near({ query, k, filter }: Wanted): Promise<Block | undefined> {
    const condition = where(filter, this.#config.fields, [vectorBytes(query)]);
    if (!condition) return undefined;
    const nearest = { table: this.#table, selected: this.#selected };
    const sql = nearestSql({ ...nearest, condition: condition.sql, limit: nearLimit(k) });
    const rows = await this.#connection.query<Row & { distance: number | null }>(sql, condition.values);
    const byDistance = rows.flatMap((row) => (row.distance === null ? [] : [{ row, distance: row.distance }]));
    const near = certainlyNear(
      byDistance.toSorted((a, b) => a.distance - b.distance),
      k,
      this.#config.dim,
    );
    const found = near && [...near.map(({ row }) => row), ...rows.filter(({ distance }) => distance === null)];
    return found && this.#inOrder(found);
  }

  /** Where the index gives fewer than are wanted, as it does when few pass a filter, all are compared. */
  async #candidates({ query, k, filter, ...effort }: WantedByIndex, index: PostgresIndex): Promise<Block | undefined> {
    const { settings, limit } = indexSettings(index, { ...effort, k });
    const condition = where(filter, this.#config.fields, [vectorBytes(query)]);
    if (!condition) return undefined;
    const nearest = { table: this.#table, selected: this.#selected, condition: condition.sql, limit };
    const sql = candidatesSql(nearest, { ...index, dim: this.#config.dim });
    const rows = await this.#connection.reading<Row>(settings, sql, condition.values);
    return rows.length < k ? this.#near({ query, k, filter }) : this.#inOrder(rows);
  }

  get #select(): string {
    return `SELECT ${this.#selected} FROM ${this.#table}`;
  }

  #block(rows: readonly Row[]): Block {
    return blockOf(
      rows.map((row) => this.#itemOf(row)),
      this.#config,
    );
  }

  #inOrder(rows: readonly Row[]): Block {
    return this.#block(rows.toSorted((a, b) => Number(a.place) - Number(b.place)));
  }

  #itemOf(row: Row): Item {
    return itemOf(row, `table ${this.#table}`, this.#config);
  }

  /** One writer at a time: no two wait for each other, and rows get their places in the order of their commits. */
  async #write<T>(call: (query: Connection['query'], copy: Copy) => Promise<T>): Promise<T> {
    return this.#connection.transaction(async (query, copy) => {
      await query(`LOCK TABLE ${this.#table} IN SHARE ROW EXCLUSIVE MODE`);
      return call(query, copy);
    });
  }

  async #known(query: Connection['query'], items: readonly Item[]): Promise<ReadonlySet<string>> {
    const sql = `SELECT id FROM ${this.#table} WHERE id = ANY($1)`;
    const there = await query<{ id: string }>(sql, [items.map(({ id }) => id)]);
    return new Set(there.map(({ id }) => id));
  }

  #mayCopy(items: readonly Item[]): boolean {
    return this.#copies && items.length >= leastCopied;
  }

  /** Of rows that are not there. */
  async #copy(copy: Copy, items: readonly Item[]): Promise<void> {
    const hasVectors = this.#vector !== undefined;
    const columns = `id, bytes, scale, metadata${hasVectors ? ', embedding' : ''}`;
    const sql = `COPY ${this.#table} (${columns}) FROM STDIN (FORMAT binary)`;
    for (const some of this.#statements(items)) await copy(sql, copyOf(some, hasVectors));
  }

  async #insert(query: Connection['query'], items: readonly Item[]): Promise<void> {
    const [extra, type] = this.#vector === undefined ? ['', ''] : [', embedding', ', $5::vector[]'];
    const sql = `
      INSERT INTO ${this.#table} (id, bytes, scale, metadata${extra})
      SELECT id, bytes, scale, metadata::jsonb${extra}
      FROM unnest($1::text[], $2::bytea[], $3::float8[], $4::text[]${type}) WITH ORDINALITY
        AS given (id, bytes, scale, metadata${extra}, n)
      ORDER BY n
      ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes, scale = excluded.scale, metadata = excluded.metadata
        ${extra && ', embedding = excluded.embedding'}`;
    for (const some of this.#statements(items)) await query(sql, columnsOf(some, this.#vector));
  }

  /** What one statement takes at a time. */
  *#statements(items: readonly Item[]): Generator<readonly Item[]> {
    const step = Math.max(1, Math.floor(bytesPerInsert / (items[0]?.bytes.length ?? 1)));
    for (let first = 0; first < items.length; first += step) yield items.slice(first, first + step);
  }
}
