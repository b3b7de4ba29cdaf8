import { EmbeddingError } from '@diptych/core';
import { checkSameConfig } from '../../store/check-same-config.ts';
import type { Engine, Recovery, StoreConfig } from '../../store.ts';
import type { Connection } from './connection.ts';

/** pgvector's limit. */
const maxDim = 16_000;
/** Any number, the same in every process that makes a store. */
const lock = 6_283_185;

type Query = Connection['query'];

interface TableName {
  readonly table: string;
  readonly quoted: string;
}

/** What opening found. */
export interface OpenedTable {
  readonly recovered: Recovery;
  readonly engine: Engine;
  /** The number of pgvector's type, where the table has a column of it. */
  readonly vector: number | undefined;
  /** Whether the server knows `COPY … FROM STDIN`, of which that of PGlite dies. */
  readonly copies: boolean;
}

/** Makes the table if it is not there, or checks that it is the one of this store. */
export async function openTable(
  connection: Connection,
  { table, quoted }: TableName,
  config: Required<StoreConfig>,
): Promise<OpenedTable> {
  const why = await whyNoVectors(connection, config);
  return connection.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock($1)', [lock]); // Making what is not there is no atomic step.
    await query('CREATE TABLE IF NOT EXISTS diptych_stores (name text PRIMARY KEY, config jsonb NOT NULL)');
    const select = 'SELECT config FROM diptych_stores WHERE name = $1';
    const [made] = await query<{ config: Required<StoreConfig> }>(select, [table]);
    if (made) checkSameConfig(`table '${table}'`, made.config, config);
    else await make(query, { table, quoted }, config, why === undefined);
    const types = await columns(query, quoted);
    const vector = types.get('embedding');
    const [counted] = await query<{ n: string; version: string }>(
      `SELECT count(*) AS n, version() AS version FROM ${quoted}`,
    );
    const note = why ?? 'pgvector: the table was made without it';
    return {
      recovered: { rows: Number(counted!.n), droppedBytes: 0 },
      vector,
      copies: !counted!.version.includes('emcc'),
      engine: vector !== undefined ? { name: 'pgvector' } : { name: 'javascript', note },
    };
  });
}

/** Whatever keeps the extension away, a search without it finds the same. */
async function whyNoVectors(connection: Connection, config: Required<StoreConfig>): Promise<string | undefined> {
  const { dim, precision } = config;
  if (precision !== 'float32') return `pgvector: is for float32, not ${precision}`;
  if (dim > maxDim) return `pgvector: takes at most ${maxDim} components, not ${dim}`;
  const [there] = await connection.query(`SELECT FROM pg_extension WHERE extname = 'vector'`);
  if (there) return undefined;
  try {
    await connection.query('CREATE EXTENSION IF NOT EXISTS vector');
    return undefined;
  } catch (error) {
    return `pgvector: cannot be made (${(error as Error).message})`;
  }
}

async function make(
  query: Query,
  { table, quoted }: TableName,
  config: Required<StoreConfig>,
  hasVectors: boolean,
): Promise<void> {
  if ((await columns(query, quoted)).size > 0) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: `table '${table}'`,
      expected: 'a store or nothing',
      got: 'another table',
    });
  }
  await query(`CREATE TABLE ${quoted} (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    bytes bytea,
    scale float8,
    metadata jsonb NOT NULL${hasVectors ? `, embedding vector(${config.dim})` : ''}
  )`);
  if (hasVectors) await query(`CREATE INDEX ON ${quoted} (place) WHERE embedding IS NULL`);
  await query('INSERT INTO diptych_stores VALUES ($1, $2)', [table, JSON.stringify(config)]);
}

/** Names, and the numbers of their types. */
async function columns(query: Query, quoted: string): Promise<ReadonlyMap<string, number>> {
  const rows = await query<{ attname: string; atttypid: number }>(
    'SELECT attname, atttypid FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped',
    [quoted],
  );
  return new Map(rows.map(({ attname, atttypid }) => [attname, atttypid]));
}
