import type { Client, Connection } from 'pg';

/** Of `pg`, whose types leave it out. */
type Copying = Connection & Record<'sendCopyFromChunk', (chunk: Buffer) => void> & Record<'endCopyFrom', () => void>;

/** Sends all that a `COPY … FROM STDIN` takes: a kind of query that the driver leaves to others. */
export function copyIn(client: Client, sql: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = {
      submit: (connection: Connection) => connection.query(sql),
      /** The driver has it say when a time that it was given is over. */
      callback: (error?: Error) => (error ? reject(error) : resolve()),
      handleCopyInResponse(connection: Copying) {
        connection.sendCopyFromChunk(bytes);
        connection.endCopyFrom();
      },
      handleCommandComplete: () => {},
      handleError: (error: Error) => query.callback(error),
      handleReadyForQuery: () => query.callback(),
    };
    client.query(query);
  });
}
