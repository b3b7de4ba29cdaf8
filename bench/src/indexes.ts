// What an index of pgvector finds, and how fast: `bench:indexes postgres://… [rows]`, on a server that has the extension. Makes
// a table of its own there and drops it. A graph that does not fit the server's `maintenance_work_mem` takes hours: give it room,
// as by `?options=-c%20maintenance_work_mem%3D2GB` behind the URL.
import { type PostgresOptions, postgresStore } from '@diptych/retrieval/postgres';
import { Client } from 'pg';
import { fillStore, reportIndex } from './index-facts.ts';
import { config } from './store-rows.ts';

const [url, count = '100000'] = process.argv.slice(2);
if (url === undefined) throw new Error('bench:indexes postgres://… [rows]: a server with pgvector');
const n = Number(count);
const table = `diptych_bench_${process.pid}`;
const kinds: readonly PostgresOptions[] = [
  { index: 'hnsw' },
  { index: 'hnsw', halfvec: true },
  { index: 'ivfflat' },
  { index: 'ivfflat', halfvec: true },
];
const client = new Client(url);
await client.connect();
try {
  await fill();
  for (const options of kinds) {
    const start = performance.now();
    await using store = await postgresStore(url, table, config, options);
    const seconds = (performance.now() - start) / 1000;
    const { rows: made } = await client.query(
      `SELECT indexrelid::regclass::text AS name, pg_relation_size(indexrelid) / 1048576 AS mib FROM pg_index
       JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am am ON am.oid = relam
       WHERE indrelid = $1::regclass AND amname = $2`,
      [table, options.index],
    );
    const { index: kind, halfvec = false } = options;
    await reportIndex(store, n, { kind, halfvec, seconds, mib: Number(made[0].mib) });
    await client.query(`DROP INDEX ${made[0].name}`);
  }
} finally {
  await client.query(`DROP TABLE IF EXISTS ${table}`);
  await client.query('DELETE FROM diptych_stores WHERE name = $1', [table]).catch(() => {});
  await client.end();
}

async function fill(): Promise<void> {
  await using store = await postgresStore(url!, table, config);
  const start = performance.now();
  await fillStore(store, n);
  console.log(JSON.stringify({ rows: n, rowsPerSecond: Math.round((1000 * n) / (performance.now() - start)) }));
}
