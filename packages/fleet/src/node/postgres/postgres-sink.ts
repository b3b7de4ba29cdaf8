import { checkSignal, EmbeddingError, expectFunction, expectMembers, expectText } from '@diptych/core';
import type { Store, StoreConfig } from '@diptych/retrieval';
import { postgresStore } from '@diptych/retrieval/postgres';
import { type NamedRows, read, reportMembers, type Shard, type ShardReport } from '../job.ts';
import { persistence } from '../persistence.ts';
import type { Finished, Sink, SinkOptions } from '../sink.ts';
import { joinedRows, rowsHash } from './joined-rows.ts';
import { isPassing, type Query, ReportTable } from './report-table.ts';

/** PostgreSQL's bound of a name, less `_shards`. */
const longestTable = 56;
const namesAtOnce = 1000;

/**
 * Rows in a table of PostgreSQL, which `postgresStore` of `@diptych/retrieval` searches; an image that is in two shards is one
 * row. What is known of shards is in the table `<table>_shards`.
 *
 * Whoever enters a shard there first has it, and others wait until that is decided; its rows are written meanwhile, in one
 * transaction, in the place of what a worker that was killed had written. A server that goes away is waited for.
 *
 * @param url `postgres://user:password@host:port/database`.
 * @param config Of the job's model and precision.
 * @throws {EmbeddingError} as `postgresStore` does; `INPUT_INVALID` for a table whose name is longer than 56 bytes.
 */
export async function postgresSink(
  url: string,
  table: string,
  config: StoreConfig,
  options: SinkOptions = {},
): Promise<Sink & AsyncDisposable> {
  expectText(url, 'postgresSink: url');
  expectText(table, 'postgresSink: table');
  const { signal, onNote } = expectMembers(options, 'postgresSink: options');
  checkSignal(signal);
  if (onNote !== undefined) expectFunction(onNote, 'postgresSink: onNote');
  if (Buffer.byteLength(table) > longestTable) {
    const expected = `a table of at most ${longestTable} bytes`;
    throw new EmbeddingError('INPUT_INVALID', { where: 'postgresSink', expected, got: `'${table}'` });
  }
  const store = await postgresStore(url, table, config);
  const reports = new ReportTable((await import('pg')).default.Client, url, table);
  const sink = new PostgresSink(store, reports, { table, signal, onNote });
  try {
    await reports.create();
    return sink;
  } catch (error) {
    await sink[Symbol.asyncDispose]();
    throw error;
  }
}

class PostgresSink implements Sink, AsyncDisposable {
  readonly #store: Store;
  readonly #reports: ReportTable;
  readonly #table: string;
  readonly #signal: AbortSignal | undefined;
  readonly #persist: ReturnType<typeof persistence>;

  constructor(store: Store, reports: ReportTable, { table, signal, onNote }: SinkOptions & { readonly table: string }) {
    this.#store = store;
    this.#reports = reports;
    this.#table = table;
    this.#signal = signal;
    this.#persist = persistence({ name: 'PostgreSQL', isPassing, signal, onNote });
  }

  async find(shard: number): Promise<ShardReport | undefined> {
    return this.#persist(async () => this.#reports.use(async (query) => this.#found(query, shard)));
  }

  async put({ shard }: Shard, blocks: AsyncIterable<NamedRows>, finished: () => Finished): Promise<ShardReport> {
    const { names, rows } = await joinedRows(blocks, this.#store.config);
    const hash = rowsHash();
    hash.add(names, rows);
    const files = { rows: { path: this.#table, sha256: hash.hex() } };
    const report: ShardReport = { version: 1, rows: names.length, ...finished(), files };
    const enter = `INSERT INTO ${this.#reports.name} VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING shard`;
    return this.#persist(async () =>
      this.#reports.transaction(async (query) => {
        const entered = await query(enter, [shard, JSON.stringify(report), names]);
        if (entered.length === 0) return (await this.#found(query, shard)) ?? report;
        const left = report.skipped.map(({ name }) => name);
        if (left.length > 0) await this.#store.delete(left);
        if (names.length > 0) await this.#store.upsert(names, rows);
        return report;
      }),
    );
  }

  async check({ shard, rows, files }: ShardReport): ReturnType<Sink['check']> {
    const names = await this.#namesOf(shard);
    const hash = rowsHash();
    let there = 0;
    for (let first = 0; first < names.length; first += namesAtOnce) {
      const some = names.slice(first, first + namesAtOnce);
      for (const stored of await this.#persist(async () => this.#store.get(some))) {
        if (!stored) continue;
        hash.add([stored.id], stored.row);
        there++;
      }
    }
    const [expected, got] = [files['rows']?.sha256, hash.hex()];
    if (there !== rows) return { names, problems: [`${this.#where}: expected ${rows} rows, got ${there}`] };
    return { names, problems: got === expected ? [] : [`${this.#where}: expected SHA-256 ${expected}, got ${got}`] };
  }

  async others(shards: number): Promise<readonly string[]> {
    const counts = `SELECT count(DISTINCT name)::int AS named FROM ${this.#reports.name}, unnest(names) AS name`;
    const more = `SELECT shard FROM ${this.#reports.name} WHERE shard >= $1 ORDER BY shard`;
    return this.#persist(async () => {
      const unknown = await this.#reports.use(async (query) => query<{ shard: number }>(more, [shards]));
      const [counted] = await this.#reports.use(async (query) => query<{ named: number }>(counts));
      const unnamed = (await this.#store.count()) - counted!.named;
      const paths = unknown.map(({ shard }) => `${this.#where}: shard ${shard}`);
      return unnamed > 0 ? [...paths, `${this.#where}: ${unnamed} rows`] : paths;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reports.close();
    await this.#store.close();
  }

  get #where(): string {
    return `table '${this.#table}'`;
  }

  async #found(query: Query, shard: number): Promise<ShardReport | undefined> {
    const select = `SELECT report::text AS report FROM ${this.#reports.name} WHERE shard = $1`;
    const [found] = await query<{ report: string }>(select, [shard]);
    return found && read<ShardReport>(Buffer.from(found.report), this.#where, reportMembers);
  }

  async #namesOf(shard: number): Promise<readonly string[]> {
    checkSignal(this.#signal);
    const select = `SELECT names FROM ${this.#reports.name} WHERE shard = $1`;
    const found = await this.#persist(async () =>
      this.#reports.use(async (query) => query<{ names: readonly string[] }>(select, [shard])),
    );
    return found[0]?.names ?? [];
  }
}
