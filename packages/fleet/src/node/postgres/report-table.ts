import { EmbeddingError } from '@diptych/core';
import type { Client } from 'pg';

export type Query = <Row>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

/** After which the server gives up what a process that stands still is in the middle of. */
const idleMs = 300_000;

/** What is known of shards, in a table beside that of the rows. A connection that is lost is made anew by the next call. */
export class ReportTable {
  /** Quoted, for statements. */
  readonly name: string;
  readonly #where: string;
  readonly #url: string;
  readonly #Client: typeof Client;
  #client: Client | undefined;

  /** @param table Of the rows. */
  constructor(Postgres: typeof Client, url: string, table: string) {
    this.#Client = Postgres;
    this.#url = url;
    this.#where = `table '${table}_shards'`;
    this.name = `"${`${table}_shards`.replaceAll('"', '""')}"`;
  }

  async create(): Promise<void> {
    await this.transaction(async (query) => {
      await query('SELECT pg_advisory_xact_lock(6283186)'); // Making what is not there is no atomic step.
      await query(
        `CREATE TABLE IF NOT EXISTS ${this.name} (shard integer PRIMARY KEY, report json NOT NULL, names text[] NOT NULL)`,
      );
    });
  }

  /** All or nothing, and on the disk of the server when it resolves. */
  async transaction<T>(call: (query: Query) => Promise<T>): Promise<T> {
    return this.use(async (query) => {
      await query('BEGIN');
      await query(`SET LOCAL idle_in_transaction_session_timeout = ${idleMs}`);
      await query('SET LOCAL synchronous_commit = on');
      const result = await call(query);
      await query('COMMIT');
      return result;
    });
  }

  async close(): Promise<void> {
    await this.#client?.end();
    this.#client = undefined;
  }

  async use<T>(call: (query: Query) => Promise<T>): Promise<T> {
    try {
      const client = (this.#client ??= await this.#connected());
      return await call(async (sql, values = []) => (await client.query(sql, [...values])).rows);
    } catch (cause) {
      // What it is in the middle of is not known: without it the server undoes that.
      void this.#client?.end().catch(() => {});
      this.#client = undefined;
      if (cause instanceof EmbeddingError) throw cause;
      throw new EmbeddingError(
        'NETWORK',
        { where: this.#where, expected: 'an answer of PostgreSQL', got: cause },
        { cause },
      );
    }
  }

  async #connected(): Promise<Client> {
    const client = new this.#Client({ connectionString: this.#url });
    const lost = () => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on('error', lost).on('end', lost);
    await client.connect();
    return client;
  }
}

/** Whether asking PostgreSQL again may help: it is gone, goes or comes, has too many clients, or undid one of two calls. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof EmbeddingError) || error.code !== 'NETWORK') return false;
  const { cause } = error;
  if (!(cause instanceof Error) || !('severity' in cause) || !('code' in cause)) return true;
  return /^(?:08|40|57P|53300|25P03)/.test(String(cause.code));
}
