import { checkSignal } from '@diptych/core';
import { expectSameIndex } from '../index-options.ts';
import type { Connection } from './connection.ts';
import { indexedExpression } from './nearest-sql.ts';
import type { PostgresOptions } from './postgres-options.ts';

/** The index that a table has. */
export interface PostgresIndex {
  readonly kind: 'hnsw' | 'ivfflat';
  readonly halfvec: boolean;
  readonly lists: number;
  /** Whether it goes on where a filter leaves too few: from 0.8 of pgvector on. */
  readonly iterates: boolean;
}

/** One that another program made is as good, if it has all rows and orders by the cosine. */
export async function findIndex(query: Connection['query'], quoted: string): Promise<PostgresIndex | undefined> {
  const rows = await query<{ kind: PostgresIndex['kind']; made: string; version: string }>(
    `SELECT am.amname AS kind, pg_get_indexdef(indexrelid) AS made, extversion AS version
     FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am am ON am.oid = relam, pg_extension
     WHERE indrelid = to_regclass($1) AND amname IN ('hnsw', 'ivfflat') AND indisvalid AND indpred IS NULL
       AND extname = 'vector' ORDER BY kind, made`,
    [quoted],
  );
  const found = rows.find(({ made }) =>
    /(?:embedding (?:\S+\.)?vector|l2_normalize\(embedding\).*halfvec)_cosine_ops/.test(made),
  );
  if (!found) return undefined;
  const [major = 0, minor = 0] = found.version.split('.').map(Number);
  return {
    kind: found.kind,
    halfvec: found.made.includes('halfvec_cosine_ops'),
    lists: Number(/lists='?(\d+)/.exec(found.made)?.[1] ?? 100),
    iterates: major > 0 || minor >= 8,
  };
}

export interface IndexedTable {
  readonly table: string;
  readonly quoted: string;
  readonly dim: number;
}

/** @throws {EmbeddingError} `INPUT_INVALID` where the table has an index of another kind. */
export async function makeIndex(
  connection: Connection,
  { table, quoted, dim }: IndexedTable,
  options: PostgresOptions,
): Promise<PostgresIndex | undefined> {
  const { index, halfvec = false, signal } = options;
  checkSignal(signal);
  return connection.transaction(async (query) => {
    const [own] = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const cancel = () => void connection.cancel(own!.pid);
    signal?.addEventListener('abort', cancel);
    try {
      // As writers do, so that two do not make it at once.
      await query(`LOCK TABLE ${quoted} IN SHARE ROW EXCLUSIVE MODE`);
      const there = await findIndex(query, quoted);
      if (!there) {
        await query(await indexSql(query, { quoted, dim }, options));
        checkSignal(signal);
        return await findIndex(query, quoted);
      }
      const asked = named({ kind: index!, halfvec });
      expectSameIndex(`table '${table}'`, { there: named(there), asked, drop: 'DROP INDEX' });
      return there;
    } catch (error) {
      checkSignal(signal);
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  });
}

function named({ kind, halfvec }: Pick<PostgresIndex, 'kind' | 'halfvec'>): string {
  return `${kind}${halfvec ? ' of halfvec' : ''}`;
}

async function indexSql(
  query: Connection['query'],
  { quoted, dim }: Pick<IndexedTable, 'quoted' | 'dim'>,
  { index, halfvec = false, lists, m = 16, efConstruction = Math.max(64, 2 * m) }: PostgresOptions,
): Promise<string> {
  const ops = `${indexedExpression({ halfvec, dim })} ${halfvec ? 'halfvec' : 'vector'}_cosine_ops`;
  const made = `CREATE INDEX ON ${quoted} USING ${index} (${ops}) WITH`;
  if (index === 'hnsw') return `${made} (m = ${m}, ef_construction = ${efConstruction})`;
  const [{ n } = { n: '0' }] = await query<{ n: string }>(`SELECT count(*) AS n FROM ${quoted}`);
  const usual = Number(n) < 1e6 ? Number(n) / 1000 : Math.sqrt(Number(n));
  return `${made} (lists = ${lists ?? Math.min(32_768, Math.max(1, Math.round(usual)))})`;
}
