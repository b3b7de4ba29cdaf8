import { join } from 'node:path';
import Database from 'libsql';
import { dim } from './store-rows.ts';

/** What SQLite takes for rows alone, as blobs by a prepared statement: each call stores some in one durable transaction. */
export function bareLibsql(folder: string): (rows: Float32Array) => void {
  const database = new Database(join(folder, 'bare.db'));
  database.exec('PRAGMA page_size = 16384');
  database.exec('PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (bytes BLOB NOT NULL)');
  const insert = database.prepare('INSERT INTO bare VALUES (?)');
  return (rows) => {
    database.exec('BEGIN');
    for (let at = 0; at < rows.length; at += dim) {
      insert.run([new Uint8Array(rows.buffer, rows.byteOffset + 4 * at, 4 * dim)]);
    }
    database.exec('COMMIT');
  };
}
