import { EmbeddingError } from '@diptych/core';
import type { Client } from 'pg';
import { copyIn } from './copy-in.ts';

/** All that a `COPY … FROM STDIN` takes. */
export type Copy = (sql: string, bytes: Buffer) => Promise<void>;

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

  /** Of one moment, with settings that end with it. */
  async reading<Row>(settings: readonly string[], sql: string, values: readonly unknown[]): Promise<Row[]> {
    return this.#within(['BEGIN READ ONLY', ...settings.map((one) => `SET LOCAL ${one}`)], (query) =>
      query<Row>(sql, values),
    );
  }

  /** Asks the server, by a connection of its own, to leave off what one of its processes does. */
  async cancel(pid: number): Promise<void> {
    const other = new Connection(this.#Client, this.#url, this.#where);
    try {
      await other.query('SELECT pg_cancel_backend($1)', [pid]);
    } catch {
      // What it does ends by itself.
    } finally {
      await other.close();
    }
  }

  /** All or nothing, and on the disk when it resolves, whatever the server's default. */
  async transaction<T>(call: (query: Connection['query'], copy: Copy) => Promise<T>): Promise<T> {
    return this.#within(['BEGIN', 'SET LOCAL synchronous_commit = on'], call);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  async #within<T>(begin: readonly string[], call: (query: Connection['query'], copy: Copy) => Promise<T>): Promise<T> {
    return this.#use(async (client) => {
      await client.query(begin.join('; '));
      try {
        const result = await call(
          (sql, values) => rowsOf(client, sql, values),
          (sql, bytes) => copyIn(client, sql, bytes),
        );
        await client.query('COMMIT');
        return result;
      } catch (error) {
        // After anything else, what the connection is in the middle of is not known: it is given up, which undoes all.
        if (error instanceof EmbeddingError || isAnswer(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  async #use<T>(call: (client: Client) => Promise<T>): Promise<T> {
    const client = (this.#client ??= await this.#connect());
    try {
      return await call(client);
    } catch (error) {
      if (error instanceof EmbeddingError) throw error;
      const isLost = this.#client !== client || isOfConnection(error);
      if (isLost || !isAnswer(error)) this.#forget(client);
      if (isLost) throw this.#error('a connection, without which a write may or may not be stored', error);
      throw isAnswer(error) ? this.#error('an answer of the server', error) : error;
    }
  }

  async #connect(): Promise<Client> {
    const client = this.#make();
    // A connection that is lost while nothing waits for it must not end the process.
    const lost = () => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on('error', lost).on('end', lost);
    try {
      await client.connect();
      return client;
    } catch (error) {
      throw this.#error(isAnswer(error) ? 'an answer of the server' : 'a connection', error);
    }
  }

  #make(): Client {
    try {
      return new this.#Client({ connectionString: this.#url });
    } catch (cause) {
      const expected = 'an address such as postgres://user:password@host:port/database';
      throw new EmbeddingError('CONFIG_INVALID', { where: this.#where, expected, got: cause }, { cause });
    }
  }

  #error(expected: string, cause: unknown): EmbeddingError {
    return new EmbeddingError('NETWORK', { where: this.#where, expected, got: cause }, { cause });
  }

  #forget(client: Client): void {
    if (this.#client === client) this.#client = undefined;
    void client.end().catch(() => {});
  }
}

async function rowsOf<Row>(client: Client, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await client.query(sql, [...values])).rows as Row[];
}

/** The server answers with five characters of SQLSTATE. */
function isAnswer(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string';
}

/** Classes 08 and 57P are of servers that go away, a call of the system that failed is of the socket; pg has words. */
function isOfConnection(error: unknown): boolean {
  if (isAnswer(error)) return /^(08|57P)/.test(error.code);
  return error instanceof Error && ('syscall' in error || /^Connection terminated|not queryable/.test(error.message));
}
