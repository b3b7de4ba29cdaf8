import { EmbeddingError } from '@diptych/core';
import type { Client } from 'pg';

/** One connection, made when it is needed and again after it was lost. */
export class Connection {
  readonly #url: string;
  readonly #where: string;
  readonly #Client: typeof Client;
  #client: Client | undefined;

  /** @param where For messages: an address has a password in it. */
  constructor(Postgres: typeof Client, url: string, where: string) {
    this.#Client = Postgres;
    this.#url = url;
    this.#where = where;
  }

  async query<Row>(sql: string, values?: readonly unknown[]): Promise<Row[]> {
    return this.#use((client) => rowsOf<Row>(client, sql, values));
  }

  /** All or nothing, and on the disk when it resolves, whatever the server's default. */
  async transaction<T>(call: (query: Connection['query']) => Promise<T>): Promise<T> {
    return this.#use(async (client) => {
      await client.query('BEGIN; SET LOCAL synchronous_commit = on');
      try {
        const result = await call((sql, values) => rowsOf(client, sql, values));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        if (!isLost(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  async #use<T>(call: (client: Client) => Promise<T>): Promise<T> {
    try {
      this.#client ??= await this.#connect();
      return await call(this.#client);
    } catch (cause) {
      if (cause instanceof EmbeddingError) throw cause;
      if (isLost(cause)) this.#forget();
      const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
      const what = isLost(cause) ? 'no connection, so a write may or may not be stored' : 'refused by the server';
      throw new EmbeddingError('NETWORK', `${this.#where}: ${what}: ${why}`, { cause });
    }
  }

  async #connect(): Promise<Client> {
    const client = new this.#Client({ connectionString: this.#url });
    // A connection that is lost while nothing waits for it must not end the process.
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined;
    });
    await client.connect();
    return client;
  }

  #forget(): void {
    const client = this.#client;
    this.#client = undefined;
    void client?.end().catch(() => {});
  }
}

async function rowsOf<Row>(client: Client, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await client.query(sql, [...values])).rows as Row[];
}

/** The server answers with five characters of SQLSTATE; classes 08 and 57P are of servers that go away. */
function isLost(error: unknown): boolean {
  if (error instanceof EmbeddingError) return false;
  const state = (error as { code?: unknown } | undefined)?.code;
  const isAnswer = error instanceof Error && 'severity' in error && typeof state === 'string';
  return !isAnswer || /^(08|57P)/.test(state);
}
