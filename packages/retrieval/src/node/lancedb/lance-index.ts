import { checkSignal, EmbeddingError } from '@diptych/core';
import type { Index, IndexConfig, Table } from '@lancedb/lancedb';
import { expectSameIndex } from '../index-options.ts';
import { refused } from '../refusals.ts';
import type { LancedbOptions } from './lancedb-options.ts';

/** The index that a table has. */
export type LanceIndex = NonNullable<LancedbOptions['index']>;

/** LanceDB's least for product codes. */
const leastRows = 256;
const cosine = { distanceType: 'cosine' } as const;
const kinds: Readonly<Record<string, LanceIndex>> = { IvfHnswSq: 'hnsw', IvfPq: 'ivfpq' };

/**
 * That which is asked for, or is there. One that another program made is as good, if it orders by the cosine.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` where the table has an index of another kind, or too few rows.
 */
export async function indexOf(table: Table, path: string, options: LancedbOptions): Promise<LanceIndex | undefined> {
  const there = (await table.listIndices()).find(({ columns }) => columns.includes('embedding'));
  const kind = there && kindOf(there);
  const asked = options.index;
  if (asked === undefined) return kind;
  if (there) {
    expectSameIndex(path, { there: kind ?? there.indexType, asked, drop: `dropIndex('${there.name}')` });
    if ((there.numUnindexedRows ?? 0) <= (there.numIndexedRows ?? 0)) return kind;
  }
  const rows = await table.countRows();
  if (rows < leastRows) {
    const cure = 'open it without, write them, and open it again';
    throw new EmbeddingError('INPUT_INVALID', {
      where: path,
      expected: `${leastRows} rows for an index`,
      got: rows,
      cure,
    });
  }
  try {
    await make(table, await settings(asked, options), options.signal);
  } catch (error) {
    checkSignal(options.signal);
    throw refused(path, 'indexed', error);
  }
  return asked;
}

function kindOf({ indexType, indexDetails }: IndexConfig): LanceIndex | undefined {
  const { metric_type: metric } = indexDetails as { readonly metric_type?: unknown };
  return metric === 'COSINE' ? kinds[indexType] : undefined;
}

async function settings(kind: LanceIndex, { lists, m, efConstruction }: LancedbOptions): Promise<Index> {
  const { Index } = await import('@lancedb/lancedb');
  if (kind === 'ivfpq') return Index.ivfPq({ ...cosine, ...(lists !== undefined && { numPartitions: lists }) });
  return Index.hnswSq({
    ...cosine,
    ...(m !== undefined && { m }),
    ...(efConstruction !== undefined && { efConstruction }),
  });
}

async function make(table: Table, config: Index, signal: AbortSignal | undefined): Promise<void> {
  checkSignal(signal);
  const job = await table.createIndexAsync('embedding', { config });
  const cancel = () => void job.cancel();
  signal?.addEventListener('abort', cancel);
  // It may have been aborted before it was listened to.
  if (signal?.aborted) cancel();
  try {
    await job.wait();
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
