import type { WantedByIndex } from '../../store/row-storage.ts';
import { graphEf } from '../index-options.ts';
import type { PostgresIndex } from './table-index.ts';

/** pgvector's limit. */
const maxEf = 1000;
/** A twentieth of the lists, and more of them where there are few. */
const usualProbes = (lists: number) => Math.max(10, Math.ceil(lists / 20));

/**
 * Settings under which the index, and nothing else, gives the order, and how many rows to ask it for.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what the index does not have, or beyond pgvector's limits.
 */
export function indexSettings(
  { kind, lists, iterates }: PostgresIndex,
  effort: Pick<WantedByIndex, 'k' | 'efSearch' | 'probes'>,
): { readonly settings: readonly string[]; readonly limit: number } {
  const ef = graphEf(kind, effort, maxEf);
  const setting =
    ef === undefined
      ? `ivfflat.probes = ${Math.min(lists, effort.probes ?? usualProbes(lists))}`
      : `hnsw.ef_search = ${ef}`;
  const goesOn = iterates ? [`${kind}.iterative_scan = relaxed_order`] : [];
  return {
    settings: ['enable_seqscan = off', 'enable_sort = off', setting, ...goesOn],
    limit: Math.max(effort.k, ef ?? 100),
  };
}
