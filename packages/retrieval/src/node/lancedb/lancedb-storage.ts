import type { Query, Table } from '@lancedb/lancedb';
import type { Lock } from '../file-store/lock.ts';
import type { Filter } from '../../filter.ts';
import { blockOf, rowBytes } from '../../store/items.ts';
import { certainlyNear, nearLimit } from '../../store/near-rows.ts';
import type { Block, Item, RowStorage, Wanted, WantedByIndex } from '../../store/row-storage.ts';
import type { Engine, Recovery, StoreConfig } from '../../store.ts';
import { graphEf } from '../index-options.ts';
import type { LanceRow, LanceRows } from './lance-rows.ts';
import type { LanceIndex } from './lance-index.ts';

/** Commits after which closing makes few files of many. */
const manyCommits = 32;
const bytesPerBlock = 2 ** 22;
/** Candidates of `ivfpq`, whose order is coarse, in number and for each row that is wanted. */
const [leastOfLists, timesOfLists] = [200, 10];

export interface LanceTable {
  readonly table: Table;
  readonly lock: Lock;
  /** What was written is on the disk when it resolves. */
  readonly sync: () => Promise<void>;
  readonly rows: LanceRows;
  /** That the table has. */
  readonly index: LanceIndex | undefined;
}

/** Rows in a table of LanceDB; ids are in memory, everything else is on the disk. */
export class LancedbStorage implements RowStorage {
  readonly version = 1;
  readonly recovered: Recovery;
  readonly engine: Engine;
  readonly near: RowStorage['near'];
  readonly candidates: RowStorage['candidates'];
  readonly #opened: LanceTable;
  readonly #config: Required<StoreConfig>;
  readonly #rows: LanceRows;
  readonly #places: Map<string, number>;
  #next: number;
  #commits = 0;

  /** @param places Of the ids that are there. */
  constructor(opened: LanceTable, config: Required<StoreConfig>, places: Map<string, number>) {
    this.#opened = opened;
    this.#config = config;
    this.#rows = opened.rows;
    this.#places = places;
    this.#next = 1 + [...places.values()].reduce((last, place) => Math.max(last, place), 0);
    this.recovered = { rows: places.size, droppedBytes: 0 };
    const { precision } = config;
    this.engine =
      precision === 'float32'
        ? { name: 'lancedb', index: opened.index }
        : { name: 'javascript', note: `lancedb: is for float32, not ${precision}` };
    this.near = precision === 'float32' ? (wanted) => this.#near(wanted) : undefined;
    this.candidates = opened.index && ((wanted) => this.#candidates(wanted, opened.index!));
  }

  async put(items: readonly Item[]): Promise<void> {
    if (items.length === 0) return;
    await this.#opened.lock.renew();
    let next = this.#next;
    const places = items.map(({ id }) => this.#places.get(id) ?? next++);
    const data = this.#rows.tableOf(items, places);
    const { table } = this.#opened;
    if (next - this.#next === items.length) await table.add(data);
    else await table.mergeInsert('place').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(data);
    await this.#committed();
    this.#next = next;
    items.forEach(({ id }, i) => this.#places.set(id, places[i]!));
  }

  async add(items: readonly Item[]): Promise<string | undefined> {
    const there = items.find(({ id }) => this.#places.has(id))?.id;
    if (there === undefined) await this.put(items);
    return there;
  }

  async remove(ids: readonly string[]): Promise<number> {
    const there = ids.filter((id) => this.#places.has(id));
    if (there.length === 0) return 0;
    await this.#opened.lock.renew();
    await this.#opened.table.delete(`place IN (${this.#placesOf(there).join(', ')})`);
    await this.#committed();
    for (const id of there) this.#places.delete(id);
    return there.length;
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    const places = this.#placesOf(ids.filter((id) => this.#places.has(id)));
    if (places.length === 0) return ids.map(() => undefined);
    const rows = await this.#read(this.#query(`place IN (${places.join(', ')})`));
    const items = new Map(rows.map(({ item }) => [item.id, item]));
    return ids.map((id) => items.get(id));
  }

  /** LanceDB has no order, so some places at a time. */
  async *blocks(filter?: Filter): AsyncGenerator<Block> {
    const where = (filter && this.#rows.where(filter)) ?? 'TRUE';
    const places = [...this.#places.values()];
    const step = Math.max(1, Math.floor(bytesPerBlock / rowBytes(this.#config)));
    for (let first = 0; first < places.length; first += step) {
      const last = Math.min(first + step, places.length) - 1;
      const range = `place >= ${places[first]} AND place <= ${places[last]}`;
      yield this.#block(await this.#read(this.#query(`${range} AND ${where}`)));
    }
  }

  async count(): Promise<number> {
    return this.#places.size;
  }

  async close(): Promise<void> {
    try {
      if (this.#commits > manyCommits) await this.#optimize();
    } finally {
      this.#opened.table.close();
      await this.#opened.lock.release();
    }
  }

  /**
   * Rows that were written since the index was made are compared with the query each. Where it gives fewer than are
   * wanted, as it does when few pass a filter, all are.
   */
  async #candidates({ query, k, filter, ...effort }: WantedByIndex, index: LanceIndex): Promise<Block | undefined> {
    const ef = graphEf(index, { k, ...effort }, Infinity);
    const where = filter ? this.#rows.where(filter) : 'TRUE';
    if (where === undefined || this.#places.size === 0) return undefined;
    const limit = Math.max(k, ef ?? Math.max(leastOfLists, timesOfLists * k));
    let search = this.#nearestTo(query, where).limit(limit);
    if (ef !== undefined) search = search.ef(limit);
    if (effort.probes !== undefined) search = search.nprobes(effort.probes);
    const rows = [...(await this.#read(search)), ...(await this.#odd(where))];
    return rows.length < k ? this.#near({ query, k, filter }) : this.#block(rows);
  }

  /** A condition that comes after the search, or an index that someone made, would give less than the best. */
  async #near({ query, k, filter }: Wanted): Promise<Block | undefined> {
    const where = filter ? this.#rows.where(filter) : 'TRUE';
    if (where === undefined || this.#places.size === 0) return undefined;
    const limit = Math.min(nearLimit(k), this.#places.size);
    const nearest = await this.#read(this.#nearestTo(query, where).bypassVectorIndex().limit(limit));
    const sorted = nearest
      .map((row) => ({ ...row, distance: row.distance! }))
      .toSorted((a, b) => a.distance - b.distance);
    const near = certainlyNear(sorted, k, this.#config.dim);
    return near && this.#block([...near, ...(await this.#odd(where))]);
  }

  #nearestTo(query: Float32Array, where: string) {
    return this.#query(`odd = FALSE AND ${where}`).nearestTo(query).column('embedding').distanceType('cosine');
  }

  /** Rows that LanceDB cannot compare. */
  async #odd(where: string): Promise<LanceRow[]> {
    return this.#read(this.#query(`odd = TRUE AND ${where}`));
  }

  async #committed(): Promise<void> {
    this.#commits++;
    await this.#opened.sync();
  }

  /** The new files are on the disk before the old ones go. */
  async #optimize(): Promise<void> {
    await this.#opened.table.optimize();
    await this.#opened.sync();
    await this.#opened.table.optimize({ cleanupOlderThan: new Date() });
  }

  #query(where: string) {
    return this.#opened.table.query().where(where);
  }

  async #read(query: { toArrow(): ReturnType<Query['toArrow']> }): Promise<LanceRow[]> {
    return this.#rows.rowsOf(await query.toArrow());
  }

  #placesOf(ids: readonly string[]): number[] {
    return ids.map((id) => this.#places.get(id)!);
  }

  #block(rows: readonly LanceRow[]): Block {
    return blockOf(
      rows.toSorted((a, b) => a.place - b.place).map(({ item }) => item),
      this.#config,
    );
  }
}
